"""Signatures agree with the vendors' published examples, and Twilio's own validator with ours."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from core.sdk.moments import CHINA
from core.sdk.signing import aliyun, tencent
from core.sdk.signing.standard_webhooks import is_standard_webhook, sign_webhook
from core.sdk.signing.twilio import is_from_twilio, twilio_signature

VECTORS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())
ACS3, TC3 = VECTORS["aliyun.acs3_runinstances"], VECTORS["tencent.tc3_describe_instances"]
HOOK = VECTORS["standardwebhooks.sign"]
HOOK_AT = datetime.fromtimestamp(HOOK["input"]["timestamp"], UTC)
TWILIO = sorted(name for name in VECTORS if name.startswith("twilio."))
ACS3_QUERY = dict(pair.split("=") for pair in ACS3["input"]["query"].split("&"))


def test_acs3_example_is_reproduced() -> None:
    given, expected = ACS3["input"], ACS3["expected"]
    headers = given["headers"]
    canonical = aliyun.canonical_request(given["method"], given["path"], ACS3_QUERY, headers)
    assert canonical == expected["canonical_request"]
    assert hashlib.sha256(canonical.encode()).hexdigest() == expected["hashed_canonical_request"]
    said = aliyun.acs3_authorization(
        "POST", "/", ACS3_QUERY, headers, key_id=given["access_key_id"], secret=given["access_key_secret"]
    )
    assert said == (
        f"ACS3-HMAC-SHA256 Credential={given['access_key_id']},SignedHeaders={';'.join(sorted(headers))},"
        f"Signature={expected['signature']}"
    )


def test_acs3_headers_agree_with_the_example() -> None:
    wanted = ACS3["input"]["headers"]
    headers = aliyun.acs3_headers(
        action="RunInstances",
        version="2014-05-26",
        host=wanted["host"],
        query=ACS3_QUERY,
        body=b"",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce=wanted["x-acs-signature-nonce"],
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
    )
    assert headers.pop("authorization").endswith(ACS3["expected"]["signature"])
    assert headers == wanted


def test_acs3_signs_what_the_vendor_reads() -> None:
    plain = {"host": "h", "x-acs-content-sha256": "0", "content-type": "text/plain"}
    noisy = {"Host": " h ", "X-Acs-Content-Sha256": "0", "Content-Type": "text/plain", "User-Agent": "x"}
    paths = [aliyun.canonical_request("get", "", {}, one) for one in (plain, noisy)]
    assert paths[0] == paths[1]
    assert paths[0].startswith("GET\n/\n\ncontent-type:text/plain\nhost:h\n")


def test_queries_are_encoded_strictly() -> None:
    assert aliyun.canonical_query({"b": "a b*~/", "a": "签", "c": ""}) == "a=%E7%AD%BE&b=a%20b%2A~%2F&c="


def test_older_aliyun_example_is_reproduced() -> None:
    given = VECTORS["aliyun.rpc_v1_sendsms"]
    params = given["input"]["params"]
    said = aliyun.rpc_signature("GET", params, secret=given["input"]["access_key_secret"])
    assert said == given["expected"]["signature"]
    assert said == aliyun.rpc_signature("get", params | {"Signature": "x"}, secret="testSecret")


def test_tc3_example_is_reproduced() -> None:
    given, expected = TC3["input"], TC3["expected"]
    at = datetime.fromtimestamp(given["timestamp"], UTC)
    body, headers = given["payload"].encode(), given["headers"]
    canonical = tencent.canonical_request(given["method"], given["path"], given["query"], headers, body)
    assert canonical == expected["canonical_request"]
    assert tencent.string_to_sign(canonical, at=at, service="cvm") == expected["string_to_sign"]
    said = tencent.tc3_authorization(
        "POST", "/", "", headers, body, at=at, service="cvm", key_id="id", secret=given["secret_key"]
    )
    assert said == (
        "TC3-HMAC-SHA256 Credential=id/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, "
        f"Signature={expected['signature']}"
    )


def test_tc3_lowers_names_and_values() -> None:
    mixed = tencent.canonical_request("POST", "/", "", {"X-TC-Action": " SendSms ", "Host": "Sms.X"}, b"")
    assert "host:sms.x\nx-tc-action:sendsms\n\nhost;x-tc-action\n" in mixed


def test_tc3_day_is_that_of_utc() -> None:
    at = datetime(2026, 1, 1, 7, 59, tzinfo=CHINA)
    assert "\n2025-12-31/sms/" in tencent.string_to_sign("", at=at, service="sms")


@pytest.mark.parametrize("name", TWILIO)
def test_twilio_examples_are_reproduced(name: str) -> None:
    given, signature = VECTORS[name]["input"], VECTORS[name]["expected"]["signature"]
    form = [(key, value) for key, value in given["params"]]
    url, token = given["url"], given["auth_token"]
    assert twilio_signature(url, form, token=token) == signature
    assert is_from_twilio(url, form, b"x", signature, token=token)
    assert not is_from_twilio(url, [*form, ("Extra", "1")], b"x", signature, token=token)
    assert not is_from_twilio(url + "&c=3", form, b"x", signature, token=token)
    assert not is_from_twilio(url, form, b"x", signature, token="54321")


@pytest.mark.parametrize("name", ["twilio.form", "twilio.https_port_443"])
def test_twilio_port_may_be_left_out(name: str) -> None:
    given, signature = VECTORS[name]["input"], VECTORS[name]["expected"]["signature"]
    form = [(key, value) for key, value in given["params"]]
    other = "https://mycompany.com/myapp.php?foo=1&bar=2" if ":443" in given["url"] else ""
    other = other or "https://mycompany.com:443/myapp.php?foo=1&bar=2"
    assert is_from_twilio(other, form, b"x", signature, token="12345")


WORDS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.dictionaries(WORDS, WORDS, max_size=6), WORDS, st.sampled_from(["", ":443", ":8443", ":80"]))
def test_twilios_validator_agrees_with_ours(form: dict[str, str], token: str, port: str) -> None:
    url, theirs = f"https://hooks.example.com{port}/a?key=1-2", RequestValidator(token)
    ours = twilio_signature(url, form.items(), token=token)
    assert theirs.compute_signature(url, form) == ours
    assert theirs.validate(url, form, ours) or port == ":8443"  # theirs tries no port but the default one
    if form:
        assert is_from_twilio(url, form.items(), b"x", theirs.compute_signature(url, form), token=token)


@given(st.binary(max_size=60))
def test_json_bodies_are_vouched_for_by_hash(body: bytes) -> None:
    url = f"https://hooks.example.com/a?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator("token").compute_signature(url, {})
    assert is_from_twilio(url, [], body, signature, token="token")
    assert not is_from_twilio(url, [], body + b" ", signature, token="token")


def test_body_that_nothing_vouches_for_is_refused() -> None:
    signature = twilio_signature("https://a.example/", [], token="token")
    assert not is_from_twilio("https://a.example/", [], b"{}", signature, token="token")


def check_hook(**changes: Any) -> bool:
    given = HOOK["input"]
    told = {
        "message_id": given["msg_id"],
        "timestamp": str(given["timestamp"]),
        "signatures": HOOK["expected"]["signature"],
        "body": given["payload"].encode(),
        "at": HOOK_AT,
    }
    return is_standard_webhook(changes.pop("secret", given["secret"]), **(told | changes))


def test_standard_webhook_example_is_reproduced() -> None:
    given = HOOK["input"]
    body = given["payload"].encode()
    made = sign_webhook(given["secret"], message_id=given["msg_id"], at=HOOK_AT, body=body)
    assert made == HOOK["expected"]["signature"]
    assert check_hook()
    assert check_hook(signatures=HOOK["negatives"]["multi_signature_header_accepts"])
    assert check_hook(at=HOOK_AT + timedelta(seconds=300))


@pytest.mark.parametrize(
    "changes",
    [
        {"signatures": HOOK["negatives"]["wrong_signature"]},
        {"signatures": ""},
        {"signatures": "v2," + HOOK["expected"]["signature"][3:]},
        {"body": b'{"test":2432232314}'},
        {"message_id": ""},
        {"message_id": "msg_other"},
        {"timestamp": "now"},
        {"timestamp": "１６１４２６５３３０"},
        {"timestamp": "9" * 30},
        {"at": HOOK_AT + timedelta(seconds=301)},
        {"at": HOOK_AT - timedelta(seconds=301)},
        {"secret": ""},
        {"secret": "whsec_###"},
        {"secret": "whsec_c2VjcmV0"},
    ],
)
def test_other_webhooks_are_refused(changes: dict[str, Any]) -> None:
    assert not check_hook(**changes)
