"""Agencies, tenants, their keys and their money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db import Database, reading, vault_of, writing
from core.errors import Conflict, Invalid
from core.secrets import BrokenSeal
from core.tenants.currencies import from_minor, to_minor
from core.tenants.models import Tenant
from core.tenants.opening import open_tenant
from tests.factories.tenants import make_agency


def test_brand_name_is_unique_inside_agency(db: Database) -> None:
    agency = make_agency()
    open_tenant(agency_id=agency.id, name="Tea")
    with pytest.raises(Conflict):
        open_tenant(agency_id=agency.id, name="Tea")


@pytest.mark.parametrize("field", ["timezone", "currency"])
def test_unknown_zone_or_currency_is_named(db: Database, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_tenant(agency_id=make_agency().id, name="Tea", **{field: "Nowhere"})
    assert caught.value.fields[0].path == field


def test_seal_opens_only_in_its_place(tenant: Tenant, other_tenant: Tenant) -> None:
    with reading(tenant.number) as session:
        vault = vault_of(session)
    with reading(other_tenant.number) as session:
        foreign = vault_of(session)
    sealed = vault.seal("identity", 1, "value", b"13900000001")
    assert vault.unseal("identity", 1, "value", sealed) == b"13900000001"
    for holder, row, column in ((vault, 2, "value"), (vault, 1, "other"), (foreign, 1, "value")):
        with pytest.raises(BrokenSeal):
            holder.unseal("identity", row, column, sealed)


def test_blind_indexes_differ_between_tenants(tenant: Tenant, other_tenant: Tenant) -> None:
    found = []
    for number in (tenant.number, other_tenant.number):
        with writing(number) as session:
            found.append(vault_of(session).blind_index("phone", "+8613900000001"))
    assert found[0] != found[1]


@given(st.integers(-(10**12), 10**12), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_money_survives_text_and_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


@pytest.mark.parametrize("text", ["1.234", "NaN", "Infinity", "1e400", "", "abc", "9" * 40])
def test_impossible_money_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        to_minor(text, "CNY")
