"""Settings make a form, hide their secrets, and keep them through a round trip."""

from typing import Annotated, Literal, cast

import pytest
from pydantic import Field, JsonValue, SecretStr, ValidationError

from core.sdk import ChannelSettings, Label, ProviderSettings, form_schema, masked_form, merged_form, plain_form


class Sandbox(ProviderSettings):
    kind: Literal["sandbox"] = "sandbox"


class Vendor(ProviderSettings):
    kind: Literal["vendor"] = "vendor"
    account: Annotated[str, Label("账号", "Account")]
    password: Annotated[SecretStr, Label("密码", "Password")]


class Rival(ProviderSettings):
    kind: Literal["rival"] = "rival"
    password: Annotated[SecretStr | None, Label("密码", "Password")] = None


class Sample(ChannelSettings):
    sign: Annotated[str, Label("签名", "Signature", "最多 12 字", "At most 12 characters")]
    token: Annotated[SecretStr | None, Label("令牌", "Token")] = None
    words: Annotated[tuple[str, ...], Label("词", "Words")] = ("R",)
    provider: Annotated[Sandbox | Vendor | Rival, Field(discriminator="kind"), Label("通道", "Provider")] = Sandbox()


FORM: dict[str, JsonValue] = {
    "sign": "思域",
    "token": "tok-123456789",
    "words": ["R", "TD"],
    "provider": {"kind": "vendor", "account": "a", "password": "pass-987654321"},
}


def test_form_survives_sealing() -> None:
    assert plain_form(Sample.model_validate(FORM)) == FORM


def test_secrets_are_masked_with_hint() -> None:
    shown = masked_form(Sample.model_validate(FORM))
    assert shown["token"] == {"set": True, "hint": "...789"}
    assert shown["provider"] == {"kind": "vendor", "account": "a", "password": {"set": True, "hint": "...321"}}
    assert "123456789" not in str(shown)


def test_short_secrets_have_no_hint() -> None:
    assert masked_form(Sample.model_validate(FORM | {"token": "short"}))["token"] == {"set": True, "hint": ""}
    assert masked_form(Sample.model_validate(FORM | {"token": None}))["token"] is None


@pytest.mark.parametrize("sent", [{}, {"token": None}, {"token": {"set": True, "hint": "...789"}}])
def test_absent_or_masked_secret_is_kept(sent: dict[str, JsonValue]) -> None:
    new: dict[str, JsonValue] = {"sign": "新", "words": [], "provider": {"kind": "vendor", "account": "b"}}
    merged = merged_form(Sample, new | sent, FORM)
    assert merged["token"] == "tok-123456789"
    assert merged["provider"] == {"kind": "vendor", "account": "b", "password": "pass-987654321"}
    assert merged["sign"] == "新"


def test_masked_form_goes_back_unharmed() -> None:
    assert merged_form(Sample, masked_form(Sample.model_validate(FORM)), FORM) == FORM


def test_new_secret_replaces_old() -> None:
    assert merged_form(Sample, FORM | {"token": "new"}, FORM)["token"] == "new"


def test_other_provider_inherits_no_secret() -> None:
    for kind in ("sandbox", "rival"):
        assert merged_form(Sample, FORM | {"provider": {"kind": kind}}, FORM)["provider"] == {"kind": kind}


def test_other_fields_are_never_inherited() -> None:
    assert "words" not in merged_form(Sample, {"sign": "s"}, FORM)


def test_schema_speaks_both_languages() -> None:
    properties = cast("dict[str, dict[str, str]]", form_schema(Sample)["properties"])
    field = properties["sign"]
    assert (field["title"], field["x-title-zh"]) == ("Signature", "签名")
    assert (field["description"], field["x-help-zh"]) == ("At most 12 characters", "最多 12 字")


def test_schema_marks_secrets() -> None:
    text = str(form_schema(Sample))
    assert text.count("'writeOnly': True") == 3


def test_typed_secrets_stay_out_of_errors() -> None:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate({"sign": 5, "token": {"deep": "pass-987654321"}})
    assert "987654321" not in str(caught.value)


def test_values_of_choice_have_words() -> None:
    class Paper(ChannelSettings):
        size: Annotated[
            Literal["a4", "a6"],
            Label("纸", "Paper", options=(("a4", "A4 纸", "A4 sheet"), ("a6", "A6 卡", "A6 card"))),
        ] = "a4"

    size = cast("dict[str, dict[str, JsonValue]]", form_schema(Paper)["properties"])["size"]
    assert size["x-options-zh"] == {"a4": "A4 纸", "a6": "A6 卡"}
    assert size["x-options-en"] == {"a4": "A4 sheet", "a6": "A6 card"}
    assert size["enum"] == ["a4", "a6"]
