"""Live codes: 联系我 of staff, or 加入群聊 of groups, each with the state of one card."""

from collections.abc import Sequence

from pydantic import JsonValue

from core.sdk import BadSettings, HttpClient, JoinAsked, JoinCode, Refused, Unknown
from core.sdk import vendor_json as told
from plugins.package_card.accounts import RewardAccounts
from plugins.package_card.wecom.api import WeComApi

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
LARGEST = 300_000
LONGEST_STATE = 30
GROUP = "group:"
"""Marks the name of a group's code, which is deleted by another call than one of staff."""


def make_codes(asked: Sequence[JoinAsked], settings: RewardAccounts, http: HttpClient) -> list[JoinCode]:
    """One code each, with its picture: shown from here, because WeCom's own address may change."""
    if settings.wecom_join == "off" or not settings.wecom_corp_id:
        raise BadSettings("wecom_corp_id: fill in WeCom before codes are made")
    api = WeComApi(settings, http)
    api.sign_in()
    return [_make(one, settings, api, http) for one in asked]


def _make(one: JoinAsked, settings: RewardAccounts, api: WeComApi, http: HttpClient) -> JoinCode:
    if len(one.reference) > LONGEST_STATE:
        raise Refused("the reference is too long for a live code", code="state")
    name, address = _of_staff(one, settings, api) if settings.wecom_join == "staff" else _of_groups(one, settings, api)
    picture = http.send("GET", address, repeatable=True).body
    if len(picture) > LARGEST or not picture.startswith((PNG, JPEG)):
        raise Refused("WeCom's picture of the code is none", code="picture")
    kind = "image/png" if picture.startswith(PNG) else "image/jpeg"
    return JoinCode.model_validate(
        {"reference": one.reference, "image": picture, "media_type": kind, "vendor_id": name}, strict=False
    )


def delete_codes(names: Sequence[str], settings: RewardAccounts, http: HttpClient) -> list[str]:
    """Those of the codes that WeCom has no more.

    What it answers about a code that it never had is not published: a refusal to delete counts as gone only where it
    refuses to show the code, too. A failure of the account or the network is raised as it is.
    """
    if not settings.wecom_corp_id:
        raise BadSettings("wecom_corp_id: fill in WeCom before codes are deleted")
    api = WeComApi(settings, http)
    api.sign_in()
    return [name for name in names if _is_gone(name, api)]


def _is_gone(name: str, api: WeComApi) -> bool:
    if name.startswith(GROUP):
        path, kind = "externalcontact/groupchat/{}_join_way", name.removeprefix(GROUP)
    else:
        path, kind = "externalcontact/{}_contact_way", name
    for verb in ("del", "get"):
        try:
            api.ask(path.format(verb), {"config_id": kind})
        except Refused:
            continue
        return verb == "del"
    return True


def _of_staff(one: JoinAsked, settings: RewardAccounts, api: WeComApi) -> tuple[str, str]:
    if not settings.wecom_staff:
        raise BadSettings("wecom_staff: name at least one member of staff")
    staff: list[JsonValue] = [*settings.wecom_staff]
    made = api.ask(
        "externalcontact/add_contact_way",
        {
            "type": 1 if len(staff) == 1 else 2,
            "scene": 2,
            "remark": one.label[:30],
            "skip_verify": True,
            "state": one.reference,
            "user": staff,
        },
    )
    return told.text(made, "config_id"), _address(made)


def _of_groups(one: JoinAsked, settings: RewardAccounts, api: WeComApi) -> tuple[str, str]:
    if not settings.wecom_chats:
        raise BadSettings("wecom_chats: name at least one group")
    chats: list[JsonValue] = [*settings.wecom_chats[:5]]
    made = api.ask(
        "externalcontact/groupchat/add_join_way",
        {"scene": 2, "remark": one.label[:30], "auto_create_room": 1, "chat_id_list": chats, "state": one.reference},
    )
    name = told.text(made, "config_id")
    way = api.ask("externalcontact/groupchat/get_join_way", {"config_id": name})
    return GROUP + name, _address(told.inner(way, "join_way"))


def _address(made: dict[str, JsonValue]) -> str:
    address = told.text(made, "qr_code", limit=2_000)
    if not address.startswith("https://"):
        raise Unknown("WeCom told no address of the code's picture")
    return address
