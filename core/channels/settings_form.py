"""A channel's settings between form and vault: judged by the plugin's model, tried with the vendor, sealed, masked."""

import json
from collections.abc import Mapping

from pydantic import JsonValue, ValidationError
from sqlalchemy.orm import Session

from core.channels.changes import note_change
from core.channels.models import DIRECT, Channel
from core.db import vault_of
from core.errors import FieldError, Invalid, Unavailable
from core.plugin_host import Host, host
from core.sdk.failures import BadSettings, ChannelFailure, Throttled, Unreachable
from core.sdk.settings import ChannelSettings, Form, masked_form, merged_form, plain_form
from core.sdk.values import Text


def judge_form(plugin_key: str, form: Mapping[str, JsonValue]) -> Form:
    """The settings as they are kept.

    Raises:
        Invalid: no such plugin, or fields that do not fit; each is named.
    """
    return plain_form(_fit(_host_with(plugin_key), plugin_key, form))


def merge_form(plugin_key: str, new: Mapping[str, JsonValue], old: Mapping[str, JsonValue]) -> Form:
    """`new` over `old`: secrets that are absent, null or masked keep their value. Raises what `judge_form` raises."""
    model = _host_with(plugin_key).channels[plugin_key].settings_model
    return judge_form(plugin_key, merged_form(model, new, old))


def try_settings(plugin_key: str, form: Mapping[str, JsonValue]) -> tuple[Text, ...]:
    """Ask the vendor whether the settings work, and return its remarks; at once for a plugin without `check`.

    Uses the network: never call it inside a transaction.

    Raises:
        Invalid: the vendor refuses them.
        Unavailable: the vendor, or the plugin, does not answer properly.
    """
    found = _host_with(plugin_key)
    if "check" not in found.manifests[plugin_key].capabilities:
        return ()
    try:
        return found.call(plugin_key, "check", form)
    except (Unreachable, Throttled) as failure:
        raise Unavailable(f"The vendor does not answer: {failure.message}", retry_after=10) from None
    except BadSettings as failure:
        raise Invalid(failure.message, fields=[FieldError("settings", "bad_settings", failure.message)]) from None
    except ChannelFailure as failure:
        raise Invalid(failure.message, fields=[FieldError("settings", failure.kind, failure.message)]) from None


def seal_form(session: Session, channel: Channel, form: Mapping[str, JsonValue]) -> None:
    """Keep the settings in the channel's row."""
    plain = json.dumps(form, ensure_ascii=False).encode()
    channel.settings = vault_of(session).seal("channel", channel.id, "settings", plain)
    note_change(session)


def settings_of(session: Session, channel: Channel) -> Form:
    """The channel's settings in clear, as every verb of the host takes them. Never show or log them."""
    form: Form = json.loads(vault_of(session).unseal("channel", channel.id, "settings", channel.settings))
    return form


def show_form(session: Session, channel: Channel) -> Form:
    """The settings as they may be shown; nothing for a channel whose plugin is gone."""
    if channel.plugin_key not in host().channels:
        return {}
    form = settings_of(session, channel)
    try:
        return masked_form(_fit(host(), channel.plugin_key, form))
    except Invalid:  # a newer plugin wants more fields: the form starts afresh, the sealed secrets stay
        return {}


def _host_with(plugin_key: str) -> Host:
    found = host()
    if plugin_key == DIRECT or plugin_key not in found.channels:
        text = f"There is no plugin {plugin_key[:40]!r}; `siyu plugins list` names them."
        raise Invalid(text, fields=[FieldError("plugin", "unknown", text)])
    return found


def _fit(found: Host, plugin_key: str, form: Mapping[str, JsonValue]) -> ChannelSettings:
    try:
        return found.channels[plugin_key].settings_model.model_validate(form)
    except ValidationError as error:
        fields = [
            FieldError(".".join(["settings", *map(str, e["loc"])]), e["type"], e["msg"])
            for e in error.errors(include_input=False)
        ]
        raise Invalid("The settings do not fit.", fields=fields) from None
