"""The card's page asks for what is needed, and a posted form becomes facts once."""

from datetime import UTC, datetime

import pytest

from core.sdk import Code, ConsentGiven, Placement, Refused, Request, Touch
from plugins.package_card.events import full_phone
from plugins.package_card.plugin import PackageCard
from plugins.package_card.settings import CardSettings

SERIAL = "B1FPVYDDES6F5ZK9KT"
CARD = PackageCard()
AT = datetime(2026, 11, 21, tzinfo=UTC)


def posted(*, code: str | None = SERIAL, **form: str) -> Request:
    return Request(id="r1", received_at=AT, form=form, code=code, placement_id="p1")


def test_page_speaks_both_languages() -> None:
    page = CARD.landing(Placement(id="p", name="p", brand="思域"), Code(serial=SERIAL, url="x"), CardSettings())
    assert page.title.zh == "思域"
    assert page.button.en == "Claim"
    assert set(page.refusals) == {"used", "unknown", "mistyped", "closed", "early", "void", "limited"}
    assert [field.kind for field in page.fields] == ["phone", "consent"]


def test_consent_is_asked_only_when_wanted() -> None:
    page = CARD.landing(Placement(id="p", name="p"), Code(serial=SERIAL, url="x"), CardSettings(asks_consent=False))
    assert [field.kind for field in page.fields] == ["phone"]


def test_redemption_is_a_touch() -> None:
    (touch,) = CARD.parse(posted(phone="139 0000 0001"), CardSettings())
    assert isinstance(touch, Touch)
    assert (touch.kind, touch.code, touch.placement_id) == ("redeem", SERIAL, "p1")
    assert touch.who[0].value == "+8613900000001"


def test_ticked_box_is_consent_with_wording() -> None:
    settings = CardSettings(headline="思域好物")
    page = CARD.landing(Placement(id="p", name="p"), Code(serial=SERIAL, url="x"), settings)
    consent = CARD.parse(posted(phone="13900000001", consent="on"), settings)[1]
    assert isinstance(consent, ConsentGiven)
    assert consent.wording == page.fields[1].label.zh


@pytest.mark.parametrize("form", [{"phone": "13900000001"}, {"phone": "13900000001", "consent": ""}, {"consent": "on"}])
def test_untold_consent_is_none(form: dict[str, str]) -> None:
    assert len(CARD.parse(posted(**form), CardSettings())) == 1


def test_consent_not_asked_for_is_none() -> None:
    assert len(CARD.parse(posted(phone="13900000001", consent="on"), CardSettings(asks_consent=False))) == 1


def test_facts_never_show_the_serial_as_id() -> None:
    events = CARD.parse(posted(phone="13900000001", consent="on"), CardSettings())
    assert not [event for event in events if SERIAL in event.event_id]
    assert events == CARD.parse(posted(phone="13900000001", consent="on"), CardSettings())


def test_form_without_card_is_refused() -> None:
    with pytest.raises(Refused):
        CARD.parse(posted(code=None, phone="13900000001"), CardSettings())


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("13900000001", "+8613900000001"),
        ("139-0000-0001", "+8613900000001"),
        ("+852 9123 4567", "+85291234567"),
        ("12345", ""),
        ("", ""),
        ("drop table", ""),
    ],
)
def test_phones_are_completed(typed: str, full: str) -> None:
    assert full_phone(typed) == full
