"""Write keys and hook addresses are shown when they are made, and never again."""

from core.web.addresses import public_base
from tests.clients import RoleClient


def test_write_key_is_shown_once(client: RoleClient) -> None:
    shown = client.post("/channels", json={"plugin": "web", "name": "Shop", "settings": {}}).get_json()
    assert shown["write_key"].startswith("wk_")
    again = client.get(f"/channels/{shown['id']}").get_json()
    assert again["write_key"] is None


def test_renewed_write_key_is_another(client: RoleClient) -> None:
    shown = client.post("/channels", json={"plugin": "web", "name": "Shop", "settings": {}}).get_json()
    renewed = client.post(f"/channels/{shown['id']}/secrets").get_json()
    assert renewed["write_key"] != shown["write_key"]


def test_other_source_has_no_write_key(client: RoleClient) -> None:
    shown = client.post("/channels", json={"plugin": "other", "name": "Ads", "settings": {}}).get_json()
    assert shown["write_key"] is None
    assert "/hooks/" in shown["hook_url"]  # until a mapping is given, it refuses everything


def test_only_our_hosts_are_printed() -> None:
    assert public_base(scheme="http", host="127.0.0.1:8400") == "http://127.0.0.1:8400"
    assert public_base(scheme="http", host="evil.example") == "http://localhost:8400"
    assert public_base(scheme="http", host="x", forwarded_host="localhost:9") == "http://localhost:9"
    assert public_base(scheme="http", host="localhost", forwarded_host="evil.example") == "http://localhost"
    assert public_base(scheme="http", host="localhost", forwarded_scheme="https") == "http://localhost"


def test_addresses_follow_the_readers_browser(client: RoleClient) -> None:
    made = {"plugin": "sms", "name": "SMS", "settings": {"signature": "Tea", "provider": {"kind": "sandbox"}}}
    named = {"X-Forwarded-Host": "localhost:9000", "X-Forwarded-Proto": "https"}
    assert (
        client.post("/channels", json=made, headers=named).get_json()["hook_url"].startswith("https://localhost:9000/")
    )
    foreign = client.post("/channels", json={**made, "name": "B"}, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in foreign.get_json()["hook_url"]
