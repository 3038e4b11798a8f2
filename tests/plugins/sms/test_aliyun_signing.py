"""The signature agrees with the vendor's published example."""

from datetime import UTC, datetime

from plugins.sms.aliyun_signing import authorization, canonical_query, canonical_request, signed_headers

# The fixed-parameter example of the vendor's page on request structure and signature, version 3.
HEADERS = {
    "host": "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "x-acs-date": "2023-10-26T10:22:32Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-version": "2014-05-26",
}
QUERY = {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
SIGNED = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"


def test_vendor_example_is_reproduced() -> None:
    said = authorization("POST", QUERY, HEADERS, key_id="YourAccessKeyId", secret="YourAccessKeySecret")
    assert said == f"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders={SIGNED},Signature={SIGNATURE}"


def test_canonical_request_has_its_lines() -> None:
    lines = canonical_request("POST", QUERY, HEADERS).split("\n")
    assert lines[:3] == ["POST", "/", canonical_query(QUERY)]
    assert lines[-3:] == ["", SIGNED, HEADERS["x-acs-content-sha256"]]


def test_whole_headers_agree_with_the_example() -> None:
    headers = signed_headers(
        action="RunInstances",
        version="2014-05-26",
        host=HEADERS["host"],
        query=QUERY,
        body=b"",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce=HEADERS["x-acs-signature-nonce"],
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
    )
    assert headers.pop("authorization").endswith(SIGNATURE)
    assert headers == HEADERS


def test_queries_are_encoded_strictly() -> None:
    assert canonical_query({"b": "a b*~/", "a": "签"}) == "a=%E7%AD%BE&b=a%20b%2A~%2F"
