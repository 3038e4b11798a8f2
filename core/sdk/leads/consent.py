"""When a filled-in form is a consent, and to which sentence."""

from core.sdk.leads.labels import plain_label
from core.sdk.values import Frozen, Prose, Word

_ENGLISH = ("1", "true", "yes", "y", "on", "agree", "agreed", "accept", "accepted", "optin", "ok")
_CHINESE = ("是", "同意", "我同意", "已同意", "接受", "愿意", "已勾选", "已阅读并同意")
YES = frozenset((*_ENGLISH, *_CHINESE))


class ConsentRule(Frozen):
    """What the operator knows of a form: the sentence that stands in it, and the box that means yes to it.

    Without `field` everybody who sends the form agrees (the sentence stands at its button). Without `wording` nobody
    does: a consent that cannot be shown is none.
    """

    wording: Prose = ""
    field: Word = ""
    media: tuple[Word, ...] = ("sms",)

    def is_given(self, answers: dict[str, str]) -> bool:
        """Whether these answers of a form, by label, say yes."""
        if not self.wording:
            return False
        if not self.field:
            return True
        wanted = plain_label(self.field)
        return any(plain_label(label) == wanted and plain_label(said) in YES for label, said in answers.items())
