"""Outgoing webhooks over HTTP: the secret shows once, bad addresses are told, a test says what the receiver said."""

import json

import httpx
import pytest

from tests.clients import RoleClient
from tests.core.outgoing.conftest import Receiver

NEW = {"name": "CRM", "url": "https://crm.example.com/siyu"}


def test_secret_shows_in_one_answer(client: RoleClient) -> None:
    made = client.post("/webhooks", json=NEW)
    assert made.status_code == 201, made.text
    assert made.get_json()["secret"].startswith("whsec_")
    assert len(made.get_json()["fact_types"]) == 7
    shown = client.get(f"/webhooks/{made.get_json()['id']}").get_json()
    assert shown["secret"] is None
    assert made.get_json()["secret"] not in client.get("/webhooks").text


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/",
        "https://user:word@crm.example.com/",
        "ftp://crm.example.com/",
        "https:///path",
        "https://crm.example.com:99999/",
        "https://[::1",
        "https://crm.example.com/a b",
        "https://crm.example.com/\u0000",
        "javascript:alert(1)",
    ],
)
def test_bad_address_is_told(client: RoleClient, url: str) -> None:
    answer = client.post("/webhooks", json=NEW | {"url": url})
    assert answer.status_code in (400, 422), answer.text


def test_address_is_taken_once(client: RoleClient) -> None:
    client.post("/webhooks", json=NEW)
    assert client.post("/webhooks", json=NEW).status_code == 409
    other = client.post("/webhooks", json=NEW | {"url": "https://crm.example.com/2"}).get_json()
    assert client.put(f"/webhooks/{other['id']}", json=NEW).status_code == 409


def test_twenty_endpoints_are_enough(client: RoleClient) -> None:
    made = [client.post("/webhooks", json=NEW | {"url": f"https://crm.example.com/{n}"}) for n in range(21)]
    assert [answer.status_code for answer in made] == [201] * 20 + [409]


def test_unknown_fact_is_refused(client: RoleClient) -> None:
    assert client.post("/webhooks", json=NEW | {"fact_types": ["order.eaten"]}).status_code == 422
    assert client.post("/webhooks", json=NEW | {"fact_types": []}).status_code == 422


def test_test_message_tells_the_answer(client: RoleClient, receiver: Receiver) -> None:
    made = client.post("/webhooks", json=NEW).get_json()
    receiver.answers = [httpx.Response(500)]
    told = [client.post(f"/webhooks/{made['id']}/test", json={}).get_json() for _ in range(2)]
    assert [one["taken"] for one in told] == [False, True]
    assert "500" in told[0]["error"]
    assert json.loads(receiver.taken[0].content)["type"] == "siyu.test"


def test_removed_endpoint_is_gone(client: RoleClient) -> None:
    made = client.post("/webhooks", json=NEW).get_json()
    assert client.delete(f"/webhooks/{made['id']}").status_code == 200
    assert client.get(f"/webhooks/{made['id']}").status_code == 404
    assert client.get("/webhooks").get_json()["items"] == []


def test_messages_are_listed_by_state(client: RoleClient) -> None:
    made = client.post("/webhooks", json=NEW).get_json()
    assert client.get(f"/webhooks/{made['id']}/messages?state=failed").get_json()["items"] == []
    assert client.get(f"/webhooks/{made['id']}/messages?state=eaten").status_code == 422
