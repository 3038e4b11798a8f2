"""Which settings models can be drawn as a form: flat fields with labels, and one provider union."""

from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from core.plugin_host.problems import PluginRefused
from core.sdk.channel import Channel
from core.sdk.placements import PlacementDetail
from core.sdk.settings import ChannelSettings, Label, ProviderSettings, provider_choices, secret_names

FLAT = {str, int, float, bool, Decimal, SecretStr, NoneType}


def check_shapes(channel: Channel[ChannelSettings]) -> None:
    """Refuse a channel whose settings or placement fields are no flat, labelled form. Raises `PluginRefused`."""
    settings = getattr(channel, "settings_model", None)
    if not (isinstance(settings, type) and issubclass(settings, ChannelSettings)):
        raise PluginRefused("settings_model must be a subclass of core.sdk.ChannelSettings")
    if not issubclass(channel.placement_detail, PlacementDetail):
        raise PluginRefused("placement_detail must be a subclass of core.sdk.PlacementDetail")
    if secret_names(channel.placement_detail):
        raise PluginRefused("a placement's fields are no place for secrets; put them into the settings")
    for choice in provider_choices(settings).values():
        if not issubclass(choice, ProviderSettings):
            raise PluginRefused(f"provider {choice.__name__} must be a subclass of core.sdk.ProviderSettings")
        _check_form(choice, leave_out=("kind",))
    _check_form(settings, leave_out=("provider",) if provider_choices(settings) else ())
    _check_form(channel.placement_detail)


def _check_form(model: type[BaseModel], *, leave_out: tuple[str, ...] = ()) -> None:
    for name, field in model.model_fields.items():
        if name not in leave_out and not _is_flat(field.annotation):
            raise PluginRefused(f"{model.__name__}.{name} is not a flat field that a form can show")
        if name != "kind" and not any(isinstance(mark, Label) for mark in field.metadata):
            raise PluginRefused(f"{model.__name__}.{name} has no Label in Chinese and English")


def _is_flat(annotation: Any) -> bool:  # any annotation may stand in a model
    origin = get_origin(annotation)
    if origin is Literal:
        return True
    if origin in (Union, UnionType):
        return all(_is_flat(part) for part in get_args(annotation))
    if origin is tuple:
        return get_args(annotation) == (str, ...)
    return annotation in FLAT
