"""The vendors' published examples, and where each is tried: none is forgotten when a test is renamed or moved."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIGNING, CRYPTO = "core/sdk/test_signing.py", "core/sdk/test_wechat_crypto.py"
TEXTS, SMPP = "plugins/sms/test_vectors.py", "plugins/sms/test_smpp.py"
TRIED = {
    "wecom.decrypt_xml": (CRYPTO, "test_wecom_example_is_read"),
    "weixin.url_verify_plain": (CRYPTO, "test_plain_signature_agrees_with_example"),
    "weixin.reply_aes_encrypt": (CRYPTO, "test_channels_reply_agrees_with_example"),
    "aliyun.rpc_v1_sendsms": (TEXTS, "test_older_aliyun_example_is_reproduced"),
    "aliyun.acs3_runinstances": (TEXTS, "test_acs3_example_is_reproduced"),
    "tencent.tc3_describe_instances": (TEXTS, "test_tc3_example_is_reproduced"),
    "twilio.form": (TEXTS, "test_twilio_examples_are_reproduced"),
    "twilio.http_port_1234": (TEXTS, "test_twilio_examples_are_reproduced"),
    "twilio.https_port_443": (TEXTS, "test_twilio_examples_are_reproduced"),
    "standardwebhooks.sign": (TEXTS, "test_standard_webhook_example_is_reproduced"),
    "hub.sha256": (SIGNING, "test_meta_signs_with_a_prefix"),
    "douyin.live_push": (SIGNING, "test_douyin_signs_live_data_with_headers"),
    "xiaohongshu.ark_v1_md5": (SIGNING, "test_ark_signs_method_and_query"),
    "wechatpay.v2_sign": (SIGNING, "test_pay_v2_signs_sorted_fields"),
    "derived.douyin_webhook": (SIGNING, "test_douyin_signs_its_webhooks"),
    "derived.kuaishou_webhook": (SIGNING, "test_kuaishou_appends_its_secret"),
    "derived.youzan_push": (SIGNING, "test_youzan_signs_the_encoded_message"),
    "derived.shopify": (SIGNING, "test_shops_abroad_sign_in_base64"),
    "derived.woocommerce": (SIGNING, "test_shops_abroad_sign_in_base64"),
    "derived.tiktok_webhook": (SIGNING, "test_tiktok_signs_time_and_body"),
    "derived.red_signature": (SIGNING, "test_red_signs_leads_with_sha1"),
    "derived.feiyu_pull": (SIGNING, "test_feiyu_pull_is_signed_as_text"),
    "smpp.receipt_tlv": (SMPP, "test_receipt_gives_every_writing_of_its_id"),
}
"""Examples of interfaces that no channel here speaks (Taobao, JD and Pinduoduo's APIs, CMPP) are none of ours."""


@pytest.mark.parametrize("name", sorted(TRIED))
def test_published_example_has_its_test(name: str) -> None:
    place, test = TRIED[name]
    source = (ROOT / "tests" / place).read_text()
    assert test in {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("file", ["core/sdk/signing_vectors.json", "plugins/sms/vectors.json"])
def test_kept_examples_are_all_tried(file: str) -> None:
    assert set(json.loads((ROOT / "tests" / file).read_text())) <= set(TRIED)
