"""Settings that would send something unlawful are not saved."""

from typing import Any

import pytest
from pydantic import ValidationError

from core.sdk import masked_form, merged_form, plain_form
from plugins.sms.settings import SmsSettings
from tests.factories.sms import ACCOUNT, make_settings


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
