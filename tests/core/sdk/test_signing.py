"""Signatures of other vendors agree with the examples that are published, and with their descriptions."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from core.sdk.signing import bodies, douyin, shops, wechat_pay
from core.sdk.signing.comparing import is_same

VECTORS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "signing_vectors.json").read_text())
AT = datetime(2026, 11, 21, 2, tzinfo=UTC)


def vector(name: str) -> tuple[dict[str, Any], Any]:
    return VECTORS[name]["input"], VECTORS[name]["expected"]


def test_nothing_is_not_the_same_as_nothing() -> None:
    assert is_same("a", "a")
    assert not is_same("", "")
    assert not is_same("签\ud800", "a")


@pytest.mark.parametrize("name", ["derived.shopify", "derived.woocommerce"])
def test_shops_abroad_sign_in_base64(name: str) -> None:
    told, signature = vector(name)
    body = told["body"].encode()
    assert bodies.is_from_woocommerce(body, signature, secret="hush")
    assert bodies.is_from_shopify(body, signature, secrets=["new", "hush"])
    assert not bodies.is_from_shopify(body, signature, secrets=["new", ""])
    assert not bodies.is_from_woocommerce(body + b" ", signature, secret="hush")
    assert not bodies.is_from_woocommerce(body, "", secret="")


def test_meta_signs_with_a_prefix() -> None:
    told, expected = vector("hub.sha256")
    body, secret = told["body"].encode(), told["secret"]
    assert bodies.is_from_meta(body, expected["signature"], app_secret=secret)
    assert not bodies.is_from_meta(body, expected["signature"].removeprefix("sha256="), app_secret=secret)
    assert not bodies.is_from_meta(body, expected["signature"], app_secret="")


def test_red_signs_leads_with_sha1() -> None:
    told, signature = vector("derived.red_signature")
    assert bodies.is_from_xiaohongshu(told["body"].encode(), signature, token=told["token"])
    assert not bodies.is_from_xiaohongshu(b"{}", signature, token=told["token"])


def test_kuaishou_appends_its_secret() -> None:
    told, signature = vector("derived.kuaishou_webhook")
    assert bodies.is_from_kuaishou(told["body"].encode(), signature, app_secret=told["app_secret"])
    assert not bodies.is_from_kuaishou(told["body"].encode(), signature, app_secret="other")


@pytest.mark.parametrize(
    ("header", "seconds", "genuine"),
    [
        ("t={t},s={s}", 0, True),
        ("t={t}, s={s}", 300, True),
        ("t={t},s={s}", 301, False),
        ("s={s}", 0, False),
        ("t=now,s={s}", 0, False),
        ("", 0, False),
    ],
)
def test_tiktok_signs_time_and_body(header: str, seconds: int, genuine: bool) -> None:
    told, signature = vector("derived.tiktok_webhook")
    at = datetime.fromtimestamp(int(told["t"]) + seconds, UTC)
    header = header.format(t=told["t"], s=signature)
    secret = told["client_secret"]
    assert bodies.is_from_tiktok(told["body"].encode(), header, client_secret=secret, at=at) is genuine


def test_douyin_signs_its_webhooks() -> None:
    told, signature = vector("derived.douyin_webhook")
    assert douyin.is_from_douyin(told["body"].encode(), signature, client_secret=told["client_secret"])
    assert not douyin.is_from_douyin(told["body"].encode(), signature, client_secret="")


def test_douyin_signs_live_data_with_headers() -> None:
    told, expected = vector("douyin.live_push")
    headers = told["headers"] | {"x-signature": expected["signature"], "x-other": "1"}
    body = told["body"].encode()
    assert douyin.is_live_push(body, headers, secret=told["secret"])
    assert not douyin.is_live_push(body, headers | {"x-roomid": "269"}, secret=told["secret"])
    assert not douyin.is_live_push(body, told["headers"], secret=told["secret"])


def test_local_life_signs_query_and_body() -> None:
    text = 'secret&client_key=ck&timestamp=1&http_body={"a":1}'
    signature = hashlib.sha256(text.encode()).hexdigest()
    query = {"timestamp": "1", "client_key": "ck", "sign": "x"}
    assert douyin.is_from_local_life(b'{"a":1}', query, signature, client_secret="secret")
    assert not douyin.is_from_local_life(b"", query, signature, client_secret="secret")


def test_feiyu_pull_is_signed_as_text() -> None:
    told, signature = vector("derived.feiyu_pull")
    path = told["to_sign"].partition("?")[0]
    said = douyin.sign_feiyu_pull(path, start=1569859200, end=1572537600, timestamp=1572574424, key=told["key"])
    assert said == signature


def test_youzan_signs_the_encoded_message() -> None:
    told, signature = vector("derived.youzan_push")
    names = {"client_id": told["client_id"], "client_secret": told["client_secret"]}
    assert shops.is_from_youzan(told["msg"], signature, **names)
    assert not shops.is_from_youzan('{"tid":"E1"}', signature, **names)


def test_ark_signs_method_and_query() -> None:
    told, expected = vector("xiaohongshu.ark_v1_md5")
    query = {"timestamp": "1469902537", "app-key": "xhs", "page_no": "1", "page_size": "50", "status": "0"}
    secret = told["to_hash"].partition("timestamp=1469902537")[2]
    assert shops.sign_ark_v1("/ark/open_api/v1/items", query, secret=secret) == expected["sign"]
    said = shops.sign_ark("order.getOrderList", app_id="a", timestamp=1, secret="s")
    assert said == shops._md5("order.getOrderList?appId=a&timestamp=1&version=2.0s")


def test_pay_v2_signs_sorted_fields() -> None:
    told, expected = vector("wechatpay.v2_sign")
    pairs = dict(pair.split("=") for pair in told["string"].split("&"))
    key = pairs.pop("key")
    fields = dict(reversed(pairs.items())) | {"empty": "", "sign": "x"}
    assert wechat_pay.sign_pay_v2(fields, api_key=key) == expected["md5"]
    assert wechat_pay.sign_pay_v2(fields, api_key=key, algorithm="HMAC-SHA256") == expected["hmac_sha256"]


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def public_pem(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def certificate_of(key: RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "platform")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, AT, AT + timedelta(days=1)).sign(key, SHA256())
    return made.public_bytes(Encoding.PEM).decode()


def test_pay_v3_requests_are_signed(key: RSAPrivateKey) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    body = '{"remark":"包裹卡"}'.encode()
    said = wechat_pay.pay_authorization(
        "post", "/v3/x?a=1", body, merchant="190", serial="ABC", private_key=pem, at=AT, nonce="n"
    )
    scheme, _, rest = said.partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    text = f"POST\n/v3/x?a=1\n{int(AT.timestamp())}\nn\n".encode() + body + b"\n"
    assert scheme == "WECHATPAY2-SHA256-RSA2048"
    key.public_key().verify(base64.b64decode(parts["signature"].strip('"')), text, PKCS1v15(), SHA256())
    assert (parts["mchid"], parts["serial_no"], parts["timestamp"]) == ('"190"', '"ABC"', f'"{int(AT.timestamp())}"')


def test_pay_v3_notifications_are_proven(key: RSAPrivateKey) -> None:
    second, body = str(int(AT.timestamp())), b'{"id":"1"}'
    signature = base64.b64encode(key.sign(f"{second}\nn\n".encode() + body + b"\n", PKCS1v15(), SHA256())).decode()

    def proven(**changes: Any) -> bool:
        told: dict[str, Any] = {
            "timestamp": second,
            "nonce": "n",
            "signature": signature,
            "public_key": public_pem(key),
            "at": AT,
        }
        return wechat_pay.is_from_wechat_pay(changes.pop("body", body), **(told | changes))

    assert proven()
    assert proven(public_key=certificate_of(key))
    assert proven(at=AT + timedelta(seconds=300))
    wrong: list[dict[str, Any]] = [
        {"body": body + b" "},
        {"nonce": "m"},
        {"signature": "###"},
        {"signature": base64.b64encode(b"x" * 256).decode()},
        {"timestamp": "x"},
        {"at": AT + timedelta(seconds=301)},
        {"public_key": public_pem(generate_private_key(65537, 2048))},
    ]
    assert [proven(**change) for change in wrong] == [False] * len(wrong)
    with pytest.raises(ValueError, match=r"."):
        proven(public_key="nonsense")


def test_pay_v3_resources_are_opened() -> None:
    api_key, nonce = "k" * 32, "n" * 12
    sealed = base64.b64encode(AESGCM(api_key.encode()).encrypt(nonce.encode(), b"{}", b"transfer")).decode()
    assert wechat_pay.open_resource(sealed, nonce=nonce, associated_data="transfer", api_key=api_key) == b"{}"
    for change in ({"api_key": "l" * 32}, {"api_key": "short"}, {"associated_data": ""}, {"nonce": "m" * 12}):
        told = {"nonce": nonce, "associated_data": "transfer", "api_key": api_key} | change
        with pytest.raises(ValueError, match="cannot be opened"):
            wechat_pay.open_resource(sealed, **told)
