"""One spelling for each identity, and clear refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contacts.identities import (
    KINDS,
    NEEDS_APP,
    BadIdentity,
    Identity,
    IdentityClaim,
    normalise,
    normalise_all,
)
from core.contacts.masking import mask
from core.errors import Invalid


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13812345678", "+8613812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        ("86 13812345678", "+8613812345678"),
        ("1３８12345678", "+8613812345678"),
        ("+1 (650) 253-0000", "+16502530000"),
        ("010-62332233", "+861062332233"),
    ],
)
def test_phones_have_one_spelling(written: str, normal: str) -> None:
    assert normalise(IdentityClaim("phone", written)) == Identity("phone", "", normal)


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("phone", "138****5678", "masked"),
        ("phone", "12345", "phone"),
        ("phone", "no number", "phone"),
        ("phone", "+99912345678", "phone"),
        ("email", "a@b", "email"),
        ("email", "a b@example.com", "email"),
        ("email", "z***@example.com", "masked"),
        ("email", "@example.com", "email"),
        ("openid", "oX1", "needs_app"),
        ("customer_id", "null", "placeholder"),
        ("customer_id", " ", "placeholder"),
        ("cookie", "a\x07b", "unreadable"),
        ("cookie", "x" * 257, "unreadable"),
        ("shoe_size", "42", "unknown_kind"),
    ],
)
def test_bad_values_say_why(kind: str, value: str, reason: str) -> None:
    with pytest.raises(BadIdentity) as refusal:
        normalise(IdentityClaim(kind, value))
    assert refusal.value.reason == reason
    assert refusal.value.fields[0].message


def test_email_is_lower_case_ascii() -> None:
    assert normalise(IdentityClaim("email", " Zoé.W@BÜCHER.de ")).value == "zoé.w@xn--bcher-kva.de"


def test_masked_value_beside_real_one() -> None:
    claims = [IdentityClaim("phone", "138****5678"), IdentityClaim("customer_id", "c1")]
    assert normalise_all(claims) == [Identity("customer_id", "", "c1")]


@pytest.mark.parametrize("claims", [[], [IdentityClaim("phone", "138****5678")]])
def test_event_must_name_somebody(claims: list[IdentityClaim]) -> None:
    with pytest.raises(Invalid):
        normalise_all(claims)


texts = st.text(max_size=40)
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
emails = st.from_regex(r"[a-zA-Z0-9.+]{1,20}@[a-z]{1,10}\.com", fullmatch=True)


@given(kind=st.sampled_from(KINDS), value=texts | phones | emails)
def test_normalising_twice_changes_nothing(kind: str, value: str) -> None:
    app = "app" if kind in NEEDS_APP else None
    try:
        once = normalise(IdentityClaim(kind, value, app))
    except BadIdentity:
        return
    assert normalise(IdentityClaim(once.kind, once.value, once.app)) == once


@given(phone=phones)
def test_phone_mask_hides_four_digits(phone: str) -> None:
    assert mask(normalise(IdentityClaim("phone", phone))) == f"{phone[:3]}****{phone[-4:]}"


@given(value=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40))
def test_mask_hides_at_least_half(value: str) -> None:
    shown = mask(Identity("customer_id", "", value)).replace("****", "", 1)
    assert len(shown) <= len(value) / 2


def test_email_mask_keeps_the_domain() -> None:
    assert mask(Identity("email", "", "zoe@example.com")) == "z***@example.com"
    assert mask(Identity("email", "", "z@example.com")) == "***@example.com"
