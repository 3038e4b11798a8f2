"""WeCom's events: sealed and signed. Who came by a live code is told at once, the rest is fetched."""

import hashlib
import re
from datetime import datetime
from typing import Literal

from core.sdk import Answer, Event, IdentityClaim, IdentitySeen, Notice, Refused, RelationSeen, Request, Touch
from core.sdk import vendor_json as told
from core.sdk.signing.wechat_crypto import decrypt_message, is_from_wechat
from plugins.package_card.accounts import RewardAccounts
from plugins.package_card.wecom.api import WeComApi

ADDED = {"add_external_contact", "add_half_external_contact"}
ENDED = {"del_external_contact", "del_follow_user"}
CONTACT, CHAT = "wecom_contact", "wecom_chat"
_ENCRYPTED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)")
_FIELD = re.compile(r"<(\w{1,40})>\s*(?:<!\[CDATA\[(.{0,500}?)\]\]>|([^<]{0,500}))\s*</\1>", re.DOTALL)


def is_callback(request: Request) -> bool:
    """Whether a request says that it is WeCom's."""
    return any(name == "msg_signature" for name, _ in request.query)


def answer_callback(request: Request, settings: RewardAccounts) -> Answer:
    """Echo what the try of the address asks for; take a genuine event."""
    try:
        message = _open(request, settings)
    except (ValueError, Refused):
        return Answer(accepted=False, status=401)
    if request.method == "GET":
        return Answer(accepted=True, reply=message.decode("utf-8", "replace"))
    return Answer(accepted=True, reply="success", dedup_key=f"wecom-{hashlib.sha256(message).hexdigest()}")


def read_callback(request: Request, settings: RewardAccounts) -> list[Event]:
    """Who was added by which live code, and what has to be fetched to know more."""
    if request.method == "GET":
        return []
    try:
        said = _fields(_open(request, settings).decode("utf-8", "replace"))
    except ValueError:
        raise Refused("the message cannot be read with the present token and key", code="crypto") from None
    at = told.moment(said.get("CreateTime"), received_at=request.received_at)
    if said.get("Event") == "change_external_contact" and said.get("ChangeType") in ADDED:
        return _added(said, at)
    if said.get("Event") == "change_external_contact" and said.get("ChangeType") in ENDED:
        return [*_ended(said, at)]
    if said.get("Event") == "change_external_chat" and said.get("UpdateDetail", "add_member") == "add_member":
        chat = said.get("ChatId", "")
        name = f"{CHAT}-{chat}-{said.get('CreateTime', '')}"[:200]
        return [Notice(event_id=name, at=at, topic=CHAT, key=chat)] if chat else []
    return []


def fetch_behind(notices: list[Notice], settings: RewardAccounts, api: WeComApi) -> list[Event]:
    """The union id behind a contact, and who joined a group by a live code."""
    found: list[Event] = []
    for notice in notices:
        found += _contact(notice, api) if notice.topic == CONTACT else _members(notice, api)
    return found


def _added(said: dict[str, str], at: datetime) -> list[Event]:
    person, state = said.get("ExternalUserID", ""), said.get("State", "")
    if not person:
        return []
    touch = Touch(
        event_id=f"joined-{_mark(person, said.get('UserID', ''), state)}",
        at=at,
        who=(IdentityClaim(kind="wecom_external_id", value=person[:200]),),
        kind="joined",
        reference=state,
    )
    known = Notice(event_id=f"{CONTACT}-{_mark(person)}", at=at, topic=CONTACT, key=person[:200])
    return [touch, *_relation(said, at, "begun"), known]


def _ended(said: dict[str, str], at: datetime) -> list[RelationSeen]:
    """The customer removed the member of staff, or the other way round, which also happens when customers are handed
    over; no touch goes."""
    return _relation(said, at, "ended", by="person" if said.get("ChangeType") == "del_follow_user" else "brand")


def _relation(
    said: dict[str, str], at: datetime, state: Literal["begun", "ended"], *, by: Literal["person", "brand", ""] = ""
) -> list[RelationSeen]:
    person, staff = said.get("ExternalUserID", "")[:200], said.get("UserID", "")[:100]
    if not person or not staff:
        return []
    name = f"relation-{state}-{_mark(person, staff, said.get('CreateTime', ''))}"
    who = (IdentityClaim(kind="wecom_external_id", value=person),)
    return [RelationSeen(event_id=name, at=at, who=who, state=state, account=staff, by=by)]


def _contact(notice: Notice, api: WeComApi) -> list[Event]:
    answer = api.look("externalcontact/get", {"external_userid": notice.key})
    one = told.inner(answer, "external_contact")
    union = told.text(one, "unionid", limit=200)
    if not union:
        return []
    who = (IdentityClaim(kind="wecom_external_id", value=notice.key), IdentityClaim(kind="unionid", value=union))
    name = told.text(one, "name", limit=100)
    traits = {"name": name} if name else {}
    return [IdentitySeen(event_id=f"known-{_mark(notice.key)}", at=notice.at, who=who, traits=traits)]


def _members(notice: Notice, api: WeComApi) -> list[Event]:
    """Those members of a group who came by a live code; told of at every change, taken once."""
    answer = api.ask("externalcontact/groupchat/get", {"chat_id": notice.key, "need_name": 0})
    found: list[Event] = []
    for member in told.items(told.inner(answer, "group_chat").get("member_list")):
        person, state = told.text(member, "userid", limit=200), told.text(member, "state", limit=30)
        if not person or not state or told.text(member, "type") != "2":
            continue
        who = [IdentityClaim(kind="wecom_external_id", value=person)]
        if union := told.text(member, "unionid", limit=200):
            who.append(IdentityClaim(kind="unionid", value=union))
        at = told.moment(member.get("join_time"), received_at=notice.at)
        name = f"joined-{_mark(person, notice.key, state)}"
        found.append(Touch(event_id=name, at=at, who=tuple(who), kind="joined", reference=state))
    return found


def _open(request: Request, settings: RewardAccounts) -> bytes:
    """The message. Raises ValueError for one that is not genuine, or not for this corp."""
    query = dict(request.query)
    encrypted = query.get("echostr", "") if request.method == "GET" else _encrypted(request.body)
    genuine = is_from_wechat(
        query.get("msg_signature", ""),
        query.get("timestamp", ""),
        query.get("nonce", ""),
        encrypted,
        token=settings.wecom_token.get_secret_value(),
    )
    if not genuine or not encrypted:
        raise ValueError("the signature is not WeCom's")
    return decrypt_message(
        encrypted, aes_key=settings.wecom_aes_key.get_secret_value(), receive_id=settings.wecom_corp_id
    )


def _encrypted(body: bytes) -> str:
    """The sealed part of the envelope, which is XML, or JSON where the console says so; XML is not even parsed."""
    if body.lstrip().startswith(b"<"):
        found = _ENCRYPTED.search(body)
        return found[1].decode() if found else ""
    return told.text(told.inner(told.load_json(body)), "encrypt", "Encrypt", limit=1_000_000)


def _fields(message: str) -> dict[str, str]:
    """The fields of an event, the first of each name; nested lists are not needed."""
    found: dict[str, str] = {}
    for name, sealed, plain in _FIELD.findall(message[:20_000]):
        found.setdefault(name, (sealed or plain).strip())
    return found


def _mark(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
