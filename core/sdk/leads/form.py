"""One filled-in form, whoever brought it, and the events that it is."""

from pydantic import Field

from core.sdk.events import ConsentGiven, Detail, Event, Lead
from core.sdk.leads.consent import ConsentRule
from core.sdk.leads.labels import EMAIL_LABELS, PHONE_LABELS, plain_label
from core.sdk.leads.phones import full_phone
from core.sdk.values import Frozen, IdentityClaim, Instant, Key, Prose, Word

MOST_ANSWERS = 40
ARRIVAL, SESSION = "arrival", "session"
"""What stands in an origin's `time_is` where the vendor told no time of the form: when it came, or when its live
session began. Reports place the lead there, and its touch says so."""


class LeadForm(Frozen):
    """A form that somebody filled in.

    `vendor` and `lead_id` together name it for ever. `answers` are by the form's own labels. `origin` says where it
    was shown, in our words where the vendor's are known: `item_id` (video, note), `author_id`, `ad_id`, `campaign_id`,
    `form_id`, `account_id`; `content` (`short_video`, `live`, `home_page`, `message`, ...), `is_paid`, and
    `time_is` (`arrival`, `session`) where `at` is not the time at which the form was sent.
    """

    vendor: Word
    lead_id: Key = Field(max_length=150)
    at: Instant
    answers: dict[Word, Prose] = {}
    origin: Detail = {}
    open_id: Word = ""
    code: Word | None = None


def lead_events(
    form: LeadForm, *, consent: ConsentRule | None = None, placement_id: str | None = None, region: str = "CN"
) -> list[Event]:
    """The form as a lead, and as a consent for each medium when the rule says so.

    Answers that name the person are in `who` and not among the fields, nor are masked ones. A form without a name that
    can be used (a masked phone, a WeChat id alone) is still a lead, of a visitor known by the form's own id.
    """
    who = names_of(form, region=region)
    key = f"{form.vendor}-{form.lead_id}"
    fields = {label: said for label, said in form.answers.items() if not _is_name(label, said, region)}
    known = who or (IdentityClaim(kind="anonymous_id", value=f"lead-{key}"[:200]),)
    origin = {"vendor": form.vendor, **form.origin}
    told = Lead(
        event_id=f"lead-{key}"[:200],
        at=form.at,
        who=known,
        placement_id=placement_id,
        code=form.code,
        fields=dict(list(fields.items())[:MOST_ANSWERS]),
        detail={name: value for name, value in origin.items() if value not in ("", None)},
    )
    events: list[Event] = [told]
    if consent is not None and who and consent.is_given(dict(form.answers)):
        for medium in consent.media:
            name = f"consent-{medium}-{key}"[:200]
            events.append(ConsentGiven(event_id=name, at=form.at, who=who, medium=medium, wording=consent.wording))
    return events


def names_of(form: LeadForm, *, region: str = "CN") -> tuple[IdentityClaim, ...]:
    """Every name of the person in the form: phones, e-mail addresses, and the platform's own id."""
    found: dict[IdentityClaim, None] = {}
    for label, said in form.answers.items():
        for claim in _claims(label, said, region):
            found[claim] = None
    if form.open_id:
        found[IdentityClaim(kind="platform_openid", value=form.open_id[:200], app=form.vendor)] = None
    return tuple(found)


def _claims(label: str, said: str, region: str) -> list[IdentityClaim]:
    plain = plain_label(label)
    if plain in PHONE_LABELS and (phone := full_phone(said, region=region)):
        return [IdentityClaim(kind="phone", value=phone)]
    if plain in EMAIL_LABELS and _is_email(said):
        return [IdentityClaim(kind="email", value=said.strip().lower())]
    return []


def _is_name(label: str, said: str, region: str) -> bool:
    is_masked = "*" in said and plain_label(label) in PHONE_LABELS | EMAIL_LABELS
    return is_masked or bool(_claims(label, said, region))


def _is_email(said: str) -> bool:
    """Strict enough that the host never refuses the whole lead for a mistyped address."""
    local, at, domain = said.strip().rpartition("@")
    is_plain = all(33 <= ord(char) < 127 and char not in ',;<>"@*' for char in local + domain)
    labels = domain.split(".")
    return bool(at and 0 < len(local) <= 64 and len(said) <= 200 and is_plain and len(labels) > 1) and (
        all(0 < len(part) <= 63 for part in labels) and len(labels[-1]) > 1
    )
