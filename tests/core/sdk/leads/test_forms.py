"""A filled-in form is one lead, of whom it names, and a consent where the form asked for one."""

import pytest

from core.sdk import ConsentGiven, IdentityClaim, Lead
from core.sdk.leads import ConsentRule, LeadForm, full_phone, lead_events
from tests.core.sdk.leads.bodies import AT


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("13900000001", "+8613900000001"),
        (" 139 0000-0001 ", "+8613900000001"),
        ("１３９００００００１", ""),
        ("１３９０００００００１", "+8613900000001"),
        ("+86 139 0000 0001", "+8613900000001"),
        ("0086-13900000001", "+8613900000001"),
        ("86 13900000001", "+8613900000001"),
        ("+85251234567", "+85251234567"),
        ("010-62551234", "+861062551234"),
        ("139****0001", ""),
        ("$$abc123==", ""),
        ("wx_139", ""),
        ("99999999999999999999", ""),
        ("9" * 10_000, ""),
        ("", ""),
    ],
)
def test_phones_have_one_spelling(typed: str, full: str) -> None:
    assert full_phone(typed) == full


def form(**answers: str) -> LeadForm:
    return LeadForm(vendor="shop", lead_id="7", at=AT, answers=answers, origin={"item_id": "v1", "ad_id": ""})


def test_names_are_no_fields() -> None:
    told = lead_events(form(手机号="13900000001", Email="A@example.com", 预算="500", 电话="139****0001"))
    assert [event.who for event in told] == [
        (
            IdentityClaim(kind="phone", value="+8613900000001"),
            IdentityClaim(kind="email", value="a@example.com"),
        )
    ]
    assert isinstance(told[0], Lead)
    assert told[0].fields == {"预算": "500"}
    assert told[0].detail == {"vendor": "shop", "item_id": "v1"}


def test_nameless_forms_are_visitors() -> None:
    (told,) = lead_events(form(电话="139****0001", weixin="tea"), consent=ConsentRule(wording="同意"))
    assert told.who == (IdentityClaim(kind="anonymous_id", value="lead-shop-7"),)


@pytest.mark.parametrize(
    ("rule", "is_given"),
    [
        (ConsentRule(), False),
        (ConsentRule(wording="提交即同意接收短信"), True),
        (ConsentRule(wording="我愿意", field="接收短信"), True),
        (ConsentRule(wording="我愿意", field="接收电话"), False),
        (ConsentRule(wording="我愿意", field="没有这一项"), False),
        (ConsentRule(field="接收短信"), False),
    ],
)
def test_consent_needs_its_sentence(rule: ConsentRule, is_given: bool) -> None:
    told = lead_events(form(手机号="13900000001", 接收短信="同意", 接收电话="否"), consent=rule)
    assert [event.event_id for event in told[1:]] == (["consent-sms-shop-7"] if is_given else [])
    assert all(isinstance(event, ConsentGiven) and event.wording == rule.wording for event in told[1:])


@pytest.mark.parametrize("said", ["a@b", "@b.com", "a@@b.com", "a b@c.com", "a*@b.com", "a@b..com", "é@b.com", "@", ""])
def test_mistyped_mail_stays_an_answer(said: str) -> None:
    (told,) = lead_events(form(手机号="13900000001", email=said))
    assert len(told.who) == 1
