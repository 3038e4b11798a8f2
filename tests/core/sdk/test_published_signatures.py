"""More of the vendors' published examples, each with what the others do not have: repeated fields, ports, hashes."""

import hashlib
from datetime import UTC, datetime

import pytest

from core.sdk.signing import aliyun, tencent, wechat_pay
from core.sdk.signing.twilio import is_from_twilio

CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
REPEATED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
QUERY = "/myapp.php?foo=1&bar=2"
TWILIO = [
    (f"https://mycompany.com{QUERY}", "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (f"http://mycompany.com{QUERY}", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    (f"https://mycompany.com:1234{QUERY}", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (f"https://mycompany.com:1234{QUERY}", "CYn1h0gLBdNxDGkKJg6hYohgeD8="),
    (f"https://user:pass@mycompany.com{QUERY}", "CukzLTc1tT5dXEDIHm/tKBanW10="),
    (f"https://user@mycompany.com{QUERY}", "2YRLlVAflCqxaNicjMpJcSTgzSs="),
    (f"https://user:pass@mycompany.com{QUERY}", "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="),
    (f"https://MyCompany.com{QUERY}", "g9IN/x4Cft2g517EjYvEvM/W7LU="),
    (f"https://MyCompany.com:1234{QUERY}", "PCqOZm8cnu/L6+u5i5fuEd+Iac4="),
    (f"http://MyCompany.com{QUERY}", "XY7AlKOKL6im4yWyX84gldUrtis="),
    (f"http://username:password@MyCompany.com{QUERY}", "PJ08CxXr7KLPjEQCTc8LkUSMwSM="),
    (f"HTTP://username:password@MyCompany.com{QUERY}", "hy/l8pca+LFms4cvRdv8uiP6NGc="),
    (f"http://Username:Password@MyCompany.com{QUERY}", "SkTSKyDJH9kUlhItI0slbgZ1UsI="),
]
"""Of the tests of Twilio's libraries for PHP and C#: what one of them accepts with the token 12345."""


@pytest.mark.parametrize(("url", "signature"), TWILIO)
def test_twilio_signs_addresses_as_published(url: str, signature: str) -> None:
    assert is_from_twilio(url, CALL, b"x", signature, token="12345")
    assert not is_from_twilio(url, CALL[1:], b"x", signature, token="12345")


def test_case_of_host_is_signed() -> None:
    url, other = f"https://MyCompany.com{QUERY}", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert not is_from_twilio(url, CALL, b"x", other, token="12345")


def test_repeated_fields_are_signed_once() -> None:
    url, signature = f"https://mycompany.com{QUERY}", "IK+Dwps556ElfBT0I3Rgjkr1wJU="
    assert is_from_twilio(url, REPEATED, b"x", signature, token="12345")
    assert not is_from_twilio(url, REPEATED[1:], b"x", signature, token="12345")


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (f"https://mycompany.com{QUERY}&bodySHA256={JSON_HASH}", "a9nBmqA0ju/hNViExpshrM61xv4="),
        (f"https://mycompany.com/myapp.php?bodySHA256={JSON_HASH}", "y77kIzt2vzLz71DgmJGsen2scGs="),
    ],
)
def test_twilio_signs_json_as_published(url: str, signature: str) -> None:
    assert is_from_twilio(url, [], JSON_BODY, signature, token="12345")
    assert not is_from_twilio(url, [], JSON_BODY + b" ", signature, token="12345")


def test_tencent_signs_the_action_as_published() -> None:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Host": "cvm.tencentcloudapi.com",
        "X-TC-Action": "DescribeInstances",
    }
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    at = datetime.fromtimestamp(1551113065, UTC)
    canonical = tencent.canonical_request("POST", "/", "", headers, body)
    hashed = "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
    assert hashlib.sha256(canonical.encode()).hexdigest() == hashed
    said = tencent.tc3_authorization(
        "POST", "/", "", headers, body, at=at, service="cvm", key_id=f"AKID{'*' * 32}", secret="*" * 32
    )
    assert said == (
        f"TC3-HMAC-SHA256 Credential=AKID{'*' * 32}/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )


def test_wechat_pay_seals_as_published() -> None:
    sealed, data = "FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC", "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8"
    opened = wechat_pay.open_resource(sealed, nonce="wCq51qZv4Yfg", associated_data=data, api_key="testAPIv3Key0000")
    assert opened == b"Hello World"


@pytest.mark.parametrize(
    ("text", "encoded"),
    [("abc-_.~09", "abc-_.~09"), ("a b", "a%20b"), ("a/b", "a%2Fb"), ("*", "%2A"), ("+", "%2B"), ("中", "%E4%B8%AD")],
)
def test_aliyun_encodes_as_described(text: str, encoded: str) -> None:
    assert aliyun.percent_encode(text) == encoded
