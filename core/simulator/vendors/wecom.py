"""WeCom's live codes (客户联系): token, 联系我 and 加入群聊, contacts, groups, and sealed events of who comes."""

import base64
import hashlib
import io
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

import segno
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day
from core.simulator.vendor import Vendor
from core.simulator.wire import Ack, Asked, News, Posting, Reply, say

CORP, SECRET, TOKEN = f"ww{MARK}", "siyu-simulator-wecom", "siyuSimulatorWecom"
AES_KEY = "siyuSimulatorWecomEncodingAESKey12345678910"
ACCESS = f"wecom-access-{MARK}"
PICTURES = "wework.qpic.cn"
CHAT = f"wrSimulated{MARK}"
Way = dict[str, JsonValue]


class WeCom(Vendor):
    """Answers as qyapi.weixin.qq.com does: always 200, with `errcode`."""

    key = "wecom"
    name = Text(zh="企业微信客户联系", en="WeCom customer contact")
    hosts = ("qyapi.weixin.qq.com", PICTURES)
    account: ClassVar[Mapping[str, str]] = {
        "wecom_corp_id": CORP,
        "wecom_secret": SECRET,
        "wecom_token": TOKEN,
        "wecom_aes_key": AES_KEY,
        "wecom_staff": "zhang",
        "wecom_chats": CHAT,
    }
    console: ClassVar[Mapping[str, str]] = {"token_life": "7200"}
    troubles = {"forged": "40001", "garbage": "40058", "busy": "45033", "empty": "48002"}
    retries = (5, 10, 30)
    topics: ClassVar[Mapping[str, Text]] = {
        "scan": Text(zh="有人扫了活码", en="Somebody scans a live code"),
        "leave": Text(zh="客户删除了员工", en="A customer removes the member of staff"),
        "remove": Text(zh="员工删除了客户", en="The member of staff removes a customer"),
        "verify": Text(zh="验证回调地址", en="The address is verified"),
    }
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "scan": ("state", "person"),
        "leave": ("person",),
        "remove": ("person",),
    }
    daytime = "night"

    def forget(self) -> None:
        """No codes, nobody came."""
        self.ways: dict[str, Way] = {}
        self.people: dict[str, str] = {}
        self.members: list[Way] = []

    def remember(self) -> JsonValue:
        """Codes outlive a restart: they are printed on pages."""
        return {"ways": dict(self.ways), "people": dict(self.people), "members": list(self.members)}

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        if isinstance(kept, dict):
            ways, people, members = kept.get("ways"), kept.get("people"), kept.get("members")
            self.ways = {k: v for k, v in ways.items() if isinstance(v, dict)} if isinstance(ways, dict) else {}
            self.people = {k: str(v) for k, v in people.items()} if isinstance(people, dict) else {}
            self.members = [one for one in members if isinstance(one, dict)] if isinstance(members, list) else []

    def why_forged(self, asked: Asked) -> str:
        """Corp id and secret for a token, the token for all else; pictures are open to everybody."""
        if asked.host == PICTURES:
            return ""
        if asked.path == "/cgi-bin/gettoken":
            query = asked.query
            return "" if (query["corpid"], query["corpsecret"]) == (CORP, SECRET) else "another corp or secret"
        return "" if asked.query.get("access_token") == ACCESS else "another access token"

    def is_query(self, asked: Asked) -> bool:
        """Making and deleting codes is all that changes something."""
        return not asked.path.endswith(("add_contact_way", "add_join_way", "del_contact_way", "del_join_way"))

    def answer(self, asked: Asked) -> Reply:
        """The calls that the channel makes."""
        if asked.host == PICTURES:
            return self._draw(asked.path)
        match asked.path.removeprefix("/cgi-bin/"):
            case "gettoken":
                return _ok(access_token=ACCESS, expires_in=int(self.settings["token_life"]))
            case "externalcontact/add_contact_way":
                return self._add_way(asked.fields, "staff")
            case "externalcontact/groupchat/add_join_way":
                return self._add_way(asked.fields, "group")
            case "externalcontact/get_contact_way":
                way = self._way(asked.fields, "staff")
                return _ok(contact_way=way) if way else self.refuse("40058")
            case "externalcontact/groupchat/get_join_way":
                way = self._way(asked.fields, "group")
                return _ok(join_way=way) if way else self.refuse("40058")
            case "externalcontact/del_contact_way":
                return self._delete_way(asked.fields, "staff")
            case "externalcontact/groupchat/del_join_way":
                return self._delete_way(asked.fields, "group")
            case "externalcontact/get":
                return self._contact(asked.query["external_userid"])
            case "externalcontact/groupchat/get":
                members: JsonValue = list(self.members)
                return _ok(group_chat={"chat_id": str(asked.fields["chat_id"]), "member_list": members})
        return self.refuse("48002")

    def refuse(self, code: str) -> Reply:
        """A number and a word."""
        return say({"errcode": int(code), "errmsg": "simulated"})

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """Sealed for the corp and signed with the token; the try of an address is a GET with `echostr`."""
        sealed = _seal(news.content)
        stamp, nonce = str(int(at.timestamp())), secrets.token_hex(5)
        text = "".join(sorted([TOKEN, stamp, nonce, sealed]))
        mark = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        query = f"msg_signature={mark}&timestamp={stamp}&nonce={nonce}"
        if news.what == "verify":
            echo = sealed.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
            return Posting(f"{url}?{query}&echostr={echo}", b"", {}, "GET")
        body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return Posting(f"{url}?{query}", body.encode(), {"content-type": "text/xml"})

    def forge(self, posting: Posting) -> Posting:
        """An event of somebody who has not the key."""
        body = f"<xml><Encrypt><![CDATA[{base64.b64encode(bytes(96)).decode()}]]></Encrypt></xml>".encode()
        url = posting.url if posting.method == "POST" else posting.url.replace("msg_signature=", "msg_signature=0")
        return Posting(url, body if posting.method == "POST" else b"", posting.headers, posting.method)

    def is_taken(self, ack: Ack) -> bool:
        """Any 200."""
        return ack.status == 200

    def make_happen(self, what: str, fields: Mapping[str, str]) -> Iterable[News]:
        """Somebody scans the code of this state, or the oldest that nobody has scanned; leaves, or is removed (the
        first who came, unless named); or the address is tried."""
        if what == "verify":
            return (News("verify", b"4375120948345356249"),)
        if what in ("leave", "remove"):
            return (self._part(what, fields.get("person") or next(iter(self.people), "")),)
        if what != "scan":
            raise ValueError(f"{self.key} has nothing called {what} to tell")
        way = next((one for one in self.ways.values() if self._is_meant(one, fields.get("state", ""))), None)
        if way is None:
            raise ValueError("there is no such live code")
        return (self._come(way, fields.get("person", "")),)

    def a_day(self, day: Day) -> None:
        """Most holders of a new code scan it."""
        fresh = [one for one in self.ways.values() if not one["scanned"] and day.rng.random() < 0.7]
        self.outbox += [self._come(one, "") for one in fresh]
        if fresh:
            day.note(f"{self.name.zh}：{len(fresh)} 人加了好友 / {len(fresh)} people joined")

    def _is_meant(self, way: Way, state: str) -> bool:
        return way["state"] == state if state else not way["scanned"]

    def _come(self, way: Way, person: str) -> News:
        person = person or f"wmSimulated{self.fresh_number()}"
        way["scanned"], moment = True, int(clock.now().timestamp())
        self.people.setdefault(person, f"oUnion{self.fresh_number()}")
        if way["kind"] == "group":
            member: Way = {"userid": person, "type": 2, "join_time": moment, "join_scene": 3, "state": way["state"]}
            self.members.append(member | {"unionid": self.people[person]})
            return News("change_external_chat", _event(moment, "change_external_chat", "update", _chat()))
        told = {"UserID": "zhang", "ExternalUserID": person, "State": str(way["state"]), "WelcomeCode": "WC1"}
        return News("add_external_contact", _event(moment, "change_external_contact", "add_external_contact", told))

    def _part(self, what: str, person: str) -> News:
        change = "del_follow_user" if what == "leave" else "del_external_contact"
        told = {"UserID": "zhang", "ExternalUserID": person}
        return News(change, _event(int(clock.now().timestamp()), "change_external_contact", change, told))

    def _add_way(self, told: dict[str, JsonValue], kind: str) -> Reply:
        state = str(told.get("state", ""))
        who = told["user"] if kind == "staff" else told["chat_id_list"]
        if not isinstance(who, list) or not who or len(state) > 30 or len(str(told.get("remark", ""))) > 30:
            return self.refuse("40058")
        if kind == "staff" and (told["type"] == 1) != (len(who) == 1):
            return self.refuse("40058")
        name = hashlib.sha256(f"{self.fresh_number()}".encode()).hexdigest()[:32]
        address = f"https://{PICTURES}/wwpic/{MARK}-{name}/0"
        way: Way = {"config_id": name, "qr_code": address, "state": state, "kind": kind, "scanned": False}
        self.ways[name] = way
        return _ok(config_id=name, qr_code=address) if kind == "staff" else _ok(config_id=name)

    def _way(self, told: dict[str, JsonValue], kind: str) -> Way | None:
        way = self.ways.get(str(told["config_id"]))
        return way if way and way["kind"] == kind else None

    def _delete_way(self, told: dict[str, JsonValue], kind: str) -> Reply:
        way = self._way(told, kind)
        if way is None:
            return self.refuse("40058")
        del self.ways[str(way["config_id"])]
        return _ok()

    def _contact(self, person: str) -> Reply:
        if person not in self.people:
            return self.refuse("84061")
        contact: JsonValue = {"external_userid": person, "name": "李雷", "type": 1, "unionid": self.people[person]}
        return _ok(external_contact=contact)

    def _draw(self, path: str) -> Reply:
        drawn = io.BytesIO()
        segno.make(f"https://work.weixin.qq.com/simulated{path}", error="m", micro=False).save(
            drawn, kind="png", scale=6, border=4
        )
        return Reply(drawn.getvalue(), 200, {"content-type": "image/png"})


def _chat() -> dict[str, str]:
    return {"ChatId": CHAT, "UpdateDetail": "add_member", "JoinScene": "3"}


def _event(moment: int, event: str, change: str, told: Mapping[str, str]) -> bytes:
    head = {"ToUserName": CORP, "FromUserName": "sys", "MsgType": "event", "Event": event, "ChangeType": change}
    fields = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in {**head, **told}.items())
    return f"<xml>{fields}<CreateTime>{moment}</CreateTime></xml>".encode()


def _seal(message: bytes) -> str:
    """WeCom's envelope, written from its description: random, length, message, corp id, padding to 32."""
    key = base64.b64decode(AES_KEY + "=")
    plain = secrets.token_bytes(16) + len(message).to_bytes(4, "big") + message + CORP.encode()
    plain += bytes([32 - len(plain) % 32]) * (32 - len(plain) % 32)
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


def _ok(**fields: JsonValue) -> Reply:
    return say({"errcode": 0, "errmsg": "ok", **fields})
