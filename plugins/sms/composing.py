"""From a message to the text that goes out, or the reason why it may not."""

from dataclasses import dataclass

from core.sdk import BadSettings, Message, Preview, Refused, Text
from plugins.sms.settings import SmsSettings
from plugins.sms.wording import (
    count_parts,
    expand_link,
    fill_in,
    find_template_problems,
    find_text_problems,
    find_variable_problems,
    is_domestic,
    sign_text,
)


@dataclass(frozen=True)
class Composed:
    """A message that may go out: its template, the whole text as the phone shows it, and its parts."""

    message: Message
    template: str
    text: str
    parts: int

    @property
    def key(self) -> str:
        """The message's key."""
        return self.message.key

    @property
    def phone(self) -> str:
        """The number, E.164."""
        return self.message.to.value


def template_of(message: Message, settings: SmsSettings) -> str:
    """The template a message is made from, with its link written out.

    Raises `BadSettings` when it breaks the rules, or is not the approved one: the whole send must stop.
    """
    template = expand_link(message.text or settings.template, settings.link_prefix)
    if not template:
        raise BadSettings("the message has no text, and the channel no template", code="template")
    if settings.sends_approved_only and template != expand_link(settings.template, settings.link_prefix):
        raise BadSettings(
            "this provider sends the approved template only; leave the campaign's text empty", code="template"
        )
    problems = _template_problems(template, message, settings)
    if problems:
        raise BadSettings(" ".join(problem.en for problem in problems), code="template")
    return template


def compose(message: Message, settings: SmsSettings) -> Composed:
    """The whole text for one person. Raises `Refused` for their variables or number, `BadSettings` for the template."""
    template = template_of(message, settings)
    if message.to.kind != "phone" or not message.to.value.startswith("+"):
        raise Refused("a text message needs a phone number with its country code", code="number")
    problems = find_variable_problems(template, message.variables)
    if problems:
        raise Refused(" ".join(problem.en for problem in problems), code="variables")
    text = _whole_text(template, message, settings)
    problems = find_text_problems(text, link_prefix=settings.link_prefix, longest=settings.longest_text)
    if problems:
        raise Refused(" ".join(problem.en for problem in problems), code="text")
    return Composed(message, template, text, count_parts(text, is_domestic=is_domestic(message.to.value)))


def write_preview(message: Message, settings: SmsSettings) -> Preview:
    """The text as the person reads it, its parts, and everything that is wrong with it."""
    template = expand_link(message.text or settings.template, settings.link_prefix)
    text = _whole_text(template, message, settings)
    problems = _template_problems(template, message, settings) + find_variable_problems(template, message.variables)
    problems = problems or find_text_problems(text, link_prefix=settings.link_prefix, longest=settings.longest_text)
    return Preview(text=text, parts=count_parts(text, is_domestic=is_domestic(message.to.value)), problems=problems)


def _whole_text(template: str, message: Message, settings: SmsSettings) -> str:
    text = fill_in(template, message.variables)
    return sign_text(text, settings.signature, is_bracketed=settings.signature_style == "brackets")


def _template_problems(template: str, message: Message, settings: SmsSettings) -> tuple[Text, ...]:
    return find_template_problems(
        template,
        link_prefix=settings.link_prefix,
        opt_out_text=settings.opt_out_text,
        is_marketing=message.purpose == "marketing",
    )
