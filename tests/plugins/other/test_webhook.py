"""Any system's signed JSON comes in by the channel `other`, by the operator's own rules."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.channels.service import channel_by_number, issue_hook
from core.db import reading, writing
from core.jobs.runner import run_pending
from core.sdk import Request
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from plugins.other.plugin import OtherChannel
from plugins.other.settings import OtherSettings
from tests.clients import RoleClient
from tests.factories.channels import make_channel

AT = datetime(2026, 11, 21, tzinfo=UTC)
FORM: dict[str, Any] = {
    "hook_secret": "hush",
    "hook_style": "hmac_sha256_hex",
    "hook_header": "X-Sign",
    "hook_mapping": "rows = /list\nphone = /tel\nevent_id = /id\nkind = /what\nvalue.kind.form = lead\n"
    "detail.vendor_campaign = /plan",
}
BODY = json.dumps({"list": [{"id": 1, "tel": "13900000001", "what": "form", "plan": "P1"}]}).encode()
SIGNED = {"X-Sign": hmac.new(b"hush", BODY, hashlib.sha256).hexdigest()}


def test_signed_json_finds_its_placement(client: RoleClient, tenant: Tenant) -> None:
    channel = make_channel(tenant, "Partner", settings=FORM)
    with writing(tenant.number) as session:
        hook = issue_hook(session, channel_by_number(session, channel.number))
    form = {"channel_id": str(channel.id), "name": "P", "detail": {"vendor_campaign": "P1"}}
    assert client.post("/placements", json=form).status_code == 201
    for _ in range(2):
        assert client.post(f"/hooks/{hook}", data=BODY, headers=SIGNED).get_json() == {"ok": True}
        run_pending()
    assert client.post(f"/hooks/{hook}", data=BODY + b" ", headers=SIGNED).status_code == 401
    with reading(tenant.number) as session:
        rows = session.query(Touchpoint).all()
    assert [(row.event_id, row.kind, row.placement_number) for row in rows] == [("touch-hook-1", "lead", 1)]


def test_nothing_is_taken_without_a_secret() -> None:
    request = Request(id="r", received_at=AT, body=BODY, headers={"x-sign": SIGNED["X-Sign"]})
    assert OtherChannel().answer(request, OtherSettings.model_validate(FORM)).accepted
    assert not OtherChannel().answer(request, OtherSettings()).accepted


def test_senseless_mapping_is_refused() -> None:
    with pytest.raises(ValueError, match="hook_mapping: line 1"):
        OtherSettings.model_validate({"hook_mapping": "smiles"})
