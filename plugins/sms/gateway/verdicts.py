"""What an answer of a described interface means: taken, or one of the five failures. Pure."""

import json
import re

from pydantic import JsonValue

from core.sdk import BadSettings, HttpReply, Refused, Throttled, Unknown
from plugins.sms.gateway.account import GatewayAccount

MAYBE_DONE = {408, 425}


def read_verdict(reply: HttpReply, account: GatewayAccount) -> str | None:
    """The provider's id of a message that was taken, None when it gives none. Raises one of the five failures.

    Only what the settings name as refused or throttled is taken for that; any other no stops for a human.
    """
    told = _json(reply.body)
    said = _said(reply, told, account)
    if said in account.refused_values:
        raise Refused("the gateway refuses this one", code=said)
    if said in account.throttled_values:
        raise Throttled("the gateway asks to slow down", code=said)
    if reply.status in MAYBE_DONE:
        raise Unknown(f"the gateway answered {reply.status}", code=str(reply.status))
    if reply.status >= 400:
        raise BadSettings(f"the gateway answered {reply.status} {_shown(said)}".strip(), code=str(reply.status))
    if account.success_values and said not in account.success_values:
        if not said:
            raise Unknown("the gateway's answer lacks the result field: sent or not?", code=str(reply.status))
        raise BadSettings(f"the gateway answers {_shown(said)}; name this value as refused if it is", code=_shown(said))
    found = text_at(told, account.id_field) if account.id_field else ""
    return found[:200] or None


def text_at(value: JsonValue, path: str) -> str:
    """What lies at a dotted path, as text; numbers in it count the places of lists. Empty when nothing does."""
    for step in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


def _said(reply: HttpReply, told: JsonValue, account: GatewayAccount) -> str:
    """The word that decides: the result field's, or the first word of a plain answer such as `0,20261121`."""
    if account.success_field:
        return text_at(told, account.success_field)
    text = reply.body.decode("utf-8", "replace").strip()
    known = (*account.success_values, *account.refused_values, *account.throttled_values)
    for word in sorted(known, key=len, reverse=True):
        if text == word or (text.startswith(word) and not text[len(word)].isalnum()):
            return word
    return text[:80] if account.success_values else ""


def _shown(said: str) -> str:
    """A code as it may be shown; a sentence may hold a number or a name, and is not repeated."""
    return said if re.fullmatch(r"[A-Za-z0-9_.-]{0,40}", said) else "something else"


def _json(body: bytes) -> JsonValue:
    try:
        value: JsonValue = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value
