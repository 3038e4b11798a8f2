"""Settings that would send something unlawful are not saved."""

from typing import Any

import pytest
from pydantic import ValidationError

from core.sdk import form_schema, masked_form, merged_form, plain_form
from core.sdk.settings import provider_choices
from plugins.sms.settings import SmsSettings
from tests.factories.sms import ACCOUNT, make_settings
from tests.plugins.sms.stands import GatewayStand, Stand, TencentStand, TwilioStand


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "【思域】"},
        {"signature": "x"},
        {"template": "没有退订语"},
        {"template": "https://evil.example 拒收请回复R"},
        {"link_prefix": "javascript:alert(1)"},
        {"link_prefix": "https://go.example.com/t"},
        {"template": ""},
        {"provider": {"kind": "aliyun"}},
        {"provider": {"kind": "carrier pigeon"}},
        {"provider": ACCOUNT | {"endpoint": "169.254.169.254"}},
        {"provider": ACCOUNT | {"template_code": "1; drop"}},
        {"unknown": 1},
        {"signature_style": "colon"},
    ],
)
def test_bad_settings_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        make_settings(**change)
    assert "secret-000000000000" not in str(caught.value)


def test_secret_survives_a_masked_round_trip() -> None:
    kept = plain_form(make_settings())
    shown = masked_form(make_settings())
    assert "secret-000000000000" not in str(shown)
    assert plain_form(SmsSettings.model_validate(merged_form(SmsSettings, shown, kept))) == kept


@pytest.mark.parametrize(
    "vendor", [TencentStand(), TwilioStand(), GatewayStand()], ids=["tencent", "twilio", "gateway"]
)
def test_every_providers_secrets_stay_hidden(vendor: Stand) -> None:
    settings = SmsSettings.model_validate(vendor.form(hook="https://hooks.example/hooks/hush-hush-hush"))
    kept, shown = plain_form(settings), masked_form(settings)
    told = str(shown) + repr(settings) + str(form_schema(SmsSettings))
    assert not [
        word for word in ("secret-000000000000", "token-00000000000000", "hush-hush", "YSBzaGFy") if word in told
    ]
    assert plain_form(SmsSettings.model_validate(merged_form(SmsSettings, shown, kept))) == kept


def test_choices_are_named_in_both_languages() -> None:
    for model in provider_choices(SmsSettings).values():
        schema = form_schema(model)
        assert schema["x-title-zh"] != schema["x-title-en"]


@pytest.mark.parametrize(
    ("maker", "change"),
    [
        (TencentStand, {"sdk_app_id": "app"}),
        (TencentStand, {"template_id": "SMS_1"}),
        (TencentStand, {"region": "mars"}),
        (TwilioStand, {"account_sid": "AC1"}),
        (TwilioStand, {"sender": "0150 0555 0006 12"}),
        (TwilioStand, {"callback_url": "hooks.example/hooks/x"}),
        (TwilioStand, {"callback_url": "https://hooks.example/hooks/x#rc=5"}),
        (TwilioStand, {"auth_token": "short"}),
    ],
)
def test_accounts_that_cannot_work_are_refused(maker: type[Stand], change: dict[str, Any]) -> None:
    form = maker().form(hook="https://hooks.example/hooks/x")
    with pytest.raises(ValidationError):
        SmsSettings.model_validate(form | {"provider": form["provider"] | change})
