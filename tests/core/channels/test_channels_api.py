"""Channels over HTTP: forms out, secrets in, masks back."""

from collections.abc import Iterator
from typing import Annotated, cast

import pytest
from pydantic import SecretStr

from core.channels import api, settings_form
from core.channels.models import Channel
from core.channels.service import settings_of
from core.db import reading
from core.plugin_host import Host
from core.plugin_host.discovery import Found
from core.plugin_host.loading import AnyChannel, Loaded
from core.sdk import BadSettings, ChannelSettings, Label, Manifest, Text, Unreachable
from core.sdk import Channel as PluginChannel
from core.tenants.models import Tenant
from tests.clients import RoleClient


class VendorSettings(ChannelSettings):
    account: Annotated[str, Label("账号", "Account")]
    secret: Annotated[SecretStr, Label("密钥", "Secret")]


class Vendor(PluginChannel[VendorSettings]):
    """A vendor that knows one secret."""

    key = "vendor"
    settings_model = VendorSettings

    def check(self, settings: VendorSettings) -> tuple[Text, ...]:
        if settings.account == "away":
            raise Unreachable("no answer")
        if not settings.secret.get_secret_value().startswith("right"):
            raise BadSettings("the secret is wrong")
        return (Text(zh="余额 5 元", en="Balance 5 CNY"),)


@pytest.fixture(autouse=True)
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    name = Text(zh="供应商", en="Vendor")
    manifest = Manifest(key="vendor", name=name, summary=name, version="1.0.0", sdk="1.0", capabilities=("check",))
    found = Found(name="vendor", package="vendor", module="vendor.plugin")
    channel = cast("AnyChannel", Vendor())
    loaded = Loaded(found=found, manifest=manifest, module=settings_form, channels=(channel,), models=())
    host = Host([loaded], [])
    for module in (api, settings_form):
        monkeypatch.setattr(module, "host", lambda: host)
    yield


FORM = {"account": "acme", "secret": "right-secret-0123f9"}


def create(client: RoleClient, **settings: object) -> dict[str, object]:
    answer = client.post("/channels", json={"plugin": "vendor", "name": "V", "settings": {**FORM, **settings}})
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.get_json()
    return body


def kept_settings(tenant: Tenant, shown: dict[str, object]) -> dict[str, object]:
    with reading(tenant.number) as session:
        channel = session.query(Channel).where(Channel.number == shown["number"]).one()
        return dict(settings_of(session, channel))


def test_plugins_are_listed_with_their_form(client: RoleClient) -> None:
    (plugin,) = client.get("/v1/plugins").get_json()["items"]
    assert plugin["name"] == {"zh": "供应商", "en": "Vendor"}
    assert plugin["settings_schema"]["properties"]["secret"]["writeOnly"]


def test_secret_is_shown_as_a_mask_only(client: RoleClient) -> None:
    shown = create(client)
    assert shown["settings"] == {"account": "acme", "secret": {"set": True, "hint": "...3f9"}}
    assert shown["remarks"] == [{"zh": "余额 5 元", "en": "Balance 5 CNY"}]
    assert "right-secret" not in client.get(f"/channels/{shown['id']}").text
    assert "right-secret" not in client.get("/channels").text


def test_secret_left_out_of_a_change_stays(client: RoleClient, tenant: Tenant) -> None:
    shown = create(client)
    for secret in ({}, {"secret": None}, {"secret": {"set": True, "hint": "...3f9"}}):
        answer = client.put(f"/channels/{shown['id']}", json={"settings": {"account": "new", **secret}})
        assert answer.status_code == 200, answer.text
        assert kept_settings(tenant, shown) == {"account": "new", "secret": FORM["secret"]}


def test_new_secret_replaces_the_old(client: RoleClient, tenant: Tenant) -> None:
    shown = create(client)
    client.put(f"/channels/{shown['id']}", json={"settings": {**FORM, "secret": "right-again-xyz"}})
    assert kept_settings(tenant, shown)["secret"] == "right-again-xyz"


def test_wrong_credentials_are_not_saved(client: RoleClient) -> None:
    answer = client.post("/channels", json={"plugin": "vendor", "name": "V", "settings": {**FORM, "secret": "wrong"}})
    assert answer.status_code == 422
    assert answer.get_json()["detail"] == "the secret is wrong"
    assert [c["name"] for c in client.get("/channels").get_json()["items"]] == ["direct"]


def test_silent_vendor_is_told_from_wrong_credentials(client: RoleClient) -> None:
    form = {**FORM, "account": "away"}
    assert client.post("/channels", json={"plugin": "vendor", "name": "V", "settings": form}).status_code == 503


def test_missing_field_is_named(client: RoleClient) -> None:
    answer = client.post("/channels", json={"plugin": "vendor", "name": "V", "settings": {"secret": "right"}})
    assert answer.get_json()["fields"][0]["path"] == "settings.account"


def test_saved_settings_can_be_tried_again(client: RoleClient) -> None:
    shown = create(client)
    assert client.post(f"/channels/{shown['id']}/check").get_json()["ok"]


def test_archived_channel_is_shown_as_such(client: RoleClient) -> None:
    shown = create(client)
    assert client.post(f"/channels/{shown['id']}/archive").get_json()["state"] == "archived"


def test_taken_name_is_a_conflict(client: RoleClient) -> None:
    create(client)
    answer = client.post("/channels", json={"plugin": "vendor", "name": "V", "settings": FORM})
    assert answer.status_code == 409


@pytest.mark.parametrize("channel", ["nonsense", "01890000-0000-7000-8000-000000000000"])
def test_absent_channel_is_not_found(client: RoleClient, channel: str) -> None:
    assert client.get(f"/channels/{channel}").status_code == 404
