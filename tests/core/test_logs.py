"""No secret that stands in an address reaches a log."""

import traceback

import pytest
import sqlalchemy as sa

from core.contacts.models import ContactTag
from core.db import writing
from core.logs import mask
from core.tenants.models import Tenant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("POST /hooks/AbCdEf0123 500", "POST /hooks/*** 500"),
        ("GET /invite/AbCdEf0123?x=1", "GET /invite/***?x=1"),
        ("GET /s/AbCdEf0123456789 took 2 s", "GET /s/*** took 2 s"),
        ("GET /c/B1FPVYDDES6F5ZK9KT", "GET /c/***"),
        ("GET /l/Ab12Cd34/AbCdEf0123456789", "GET /l/Ab12Cd34/***"),
        ("bearer siyu_ab12_cdEF34", "bearer siyu_***"),
        ("twice\nDETAIL:  Key (name)=(Ann) exists.\nHINT: no", "twice\nDETAIL:  ***\nHINT: no"),
        ("GET /l/Ab12Cd34 and /v1/tenants/s/x", "GET /l/Ab12Cd34 and /v1/tenants/s/x"),
    ],
)
def test_secrets_in_addresses_are_masked(text: str, told: str) -> None:
    assert mask(text) == told


def test_row_that_fails_is_not_told(tenant: Tenant) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught, writing(tenant.number) as session:
        session.add(ContactTag(contact_number=4711, tag="Ann from next door"))
        session.flush()
    told = mask("".join(traceback.format_exception(caught.value)))
    assert ("Ann" in told, "4711" in told, "contact_tag" in told) == (False, False, True)
