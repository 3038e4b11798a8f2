"""WeChat's server API as a shop of WeChat Channels uses it: token, orders, leads, and the sealed push of changes."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day
from core.simulator.vendor import Vendor
from core.simulator.wire import Ack, Asked, News, Posting, Reply, dump, say

APP_ID, SECRET, TOKEN = f"wx{MARK}", "siyu-simulator-wechat", "siyu-simulator"
AES_KEY = "siyuSimulatorWechatShopEncodingAESKey123456"
ACCESS = f"access-{MARK}"
COMPONENT = f"{MARK}7"
PAID, GIVEN_BACK, CANCELLED = 20, 200, 250
Order = dict[str, JsonValue]


class WechatShop(Vendor):
    """Answers as api.weixin.qq.com does: always 200, with `errcode`."""

    key = "wechat_shop"
    name = Text(zh="微信视频号小店", en="WeChat Channels shop")
    hosts = ("api.weixin.qq.com",)
    account: ClassVar[Mapping[str, str]] = {
        "wechat_app_id": APP_ID,
        "wechat_secret": SECRET,
        "wechat_token": TOKEN,
        "wechat_aes_key": AES_KEY,
        "wechat_lead_components": COMPONENT,
    }
    console: ClassVar[Mapping[str, str]] = {"host": "小林", "page_size": "20"}
    troubles = {"forged": "40001", "garbage": "47001", "busy": "45009", "empty": "48001"}
    retries = (0, 0, 10, 60, 300, 1800, 3600, 3600, 3600)
    topics: ClassVar[Mapping[str, Text]] = {
        "buy": Text(zh="付款", en="Somebody pays"),
        "refund": Text(zh="全额退款", en="An order is given back"),
        "cancel": Text(zh="取消", en="An order is cancelled"),
        "lead": Text(zh="留资（等拉取）", en="A lead (waits to be fetched)"),
    }
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "buy": ("person", "phone", "amount"),
        "refund": ("order_id",),
        "cancel": ("order_id",),
        "lead": ("phone",),
    }
    daytime = "evening"

    def forget(self) -> None:
        """Nothing was sold."""
        self.orders: dict[str, Order] = {}
        self.leads: list[Order] = []

    def remember(self) -> JsonValue:
        """The books outlive a restart."""
        return {"orders": dict(self.orders), "leads": list(self.leads)}

    def recall(self, kept: JsonValue) -> None:
        """Open the books again."""
        if isinstance(kept, dict):
            orders, leads = kept.get("orders"), kept.get("leads")
            self.orders = (
                {name: one for name, one in orders.items() if isinstance(one, dict)} if isinstance(orders, dict) else {}
            )
            self.leads = [one for one in leads if isinstance(one, dict)] if isinstance(leads, list) else []

    def why_forged(self, asked: Asked) -> str:
        """App id and secret for a token, the token for all else."""
        if asked.path == "/cgi-bin/stable_token":
            told = asked.fields
            return "" if (told["appid"], told["secret"]) == (APP_ID, SECRET) else "another app id or secret"
        return "" if asked.query.get("access_token") == ACCESS else "another access token"

    def is_query(self, asked: Asked) -> bool:
        """All that the channel asks here changes nothing."""
        return True

    def answer(self, asked: Asked) -> Reply:
        """The calls that the channel makes."""
        told = asked.fields
        match asked.path:
            case "/cgi-bin/stable_token":
                return say({"access_token": ACCESS, "expires_in": 7200})
            case "/channels/ec/order/list/get":
                return self._list(told)
            case "/channels/ec/order/get":
                order = self.orders.get(str(told["order_id"]))
                return _ok(order=order) if order else self.refuse("100001")
            case "/channels/leads/get_leads_info_by_component_id":
                return self._leads(told)
        return self.refuse("48001")

    def refuse(self, code: str) -> Reply:
        """A number and a word."""
        return say({"errcode": int(code), "errmsg": "simulated"})

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """Sealed for the app id, and signed with the token."""
        sealed = _seal(news.content)
        stamp, nonce = str(int(at.timestamp())), secrets.token_hex(5)
        text = "".join(sorted([TOKEN, stamp, nonce, sealed]))
        mark = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        plain = hashlib.sha1("".join(sorted([TOKEN, stamp, nonce])).encode(), usedforsecurity=False).hexdigest()
        query = f"signature={plain}&timestamp={stamp}&nonce={nonce}&encrypt_type=aes&msg_signature={mark}"
        return Posting(
            f"{url}?{query}", dump({"ToUserName": "gh_0", "Encrypt": sealed}), {"content-type": "application/json"}
        )

    def forge(self, posting: Posting) -> Posting:
        """A message of somebody who has not the key."""
        body = dump({"ToUserName": "gh_0", "Encrypt": base64.b64encode(bytes(96)).decode()})
        return Posting(posting.url, body, posting.headers, posting.method)

    def is_taken(self, ack: Ack) -> bool:
        """The word `success`, nothing else."""
        return ack.status == 200 and ack.body == b"success"

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """An order by hand; `at` (seconds since 1970) is when it happened, now if it is not given."""
        at = int(float(fields.get("at") or clock.now().timestamp()))
        match what:
            case "buy":
                return self._buy(fields, at)
            case "refund":
                return self._change(fields["order_id"], GIVEN_BACK, "channels_ec_order_ext_info_update", at)
            case "cancel":
                return self._change(fields["order_id"], CANCELLED, "channels_ec_order_cancel", at)
            case "lead":
                return self._lead(fields, at)
        return super().tell(what, fields)

    def a_day(self, day: Day) -> None:
        """Some of today's visitors buy, and one fills in the room's form."""
        for person in dict.fromkeys(one for one in day.visitors if not one.label):
            if day.rng.random() < 0.4:
                fen = day.rng.randrange(3900, 29900)
                self.later(
                    self._buy({"person": person.phone[-9:], "phone": person.phone, "amount": str(fen / 100)}, _now())
                )
        self.later(self._lead({"phone": day.person().phone}, _now()))

    def _buy(self, fields: Mapping[str, str], at: int) -> News:
        number = fields.get("order_id") or f"37{MARK}{len(self.orders) + 1:07}"
        fen = round(float(fields.get("amount") or "99") * 100)
        person = fields.get("person") or "somebody"
        self.orders[number] = {
            "order_id": number,
            "openid": f"o{MARK}{person}",
            "unionid": f"u{MARK}{person}",
            "status": PAID,
            "create_time": at,
            "update_time": at,
            "order_detail": {
                "price_info": {"order_price": fen, "product_price": fen},
                "pay_info": {"pay_time": at},
                "delivery_info": {"address_info": {"tel_number": fields.get("phone", "")}},
                "source_infos": [{"account_nickname": self.settings["host"], "sale_channel": 100}],
            },
        }
        return self._event("channels_ec_order_pay", number, at)

    def _change(self, number: str, status: int, event: str, at: int) -> News:
        self.orders[number] |= {"status": status, "update_time": at}
        return self._event(event, number, at)

    def _lead(self, fields: Mapping[str, str], at: int) -> News:
        """A lead is not pushed; the next pull finds it. What is told meanwhile is an event that names no order."""
        answers: JsonValue = [{"title": "手机号", "value": fields.get("phone", "")}]
        lead: Order = {"anchor_nickname": self.settings["host"], "live_start_time": at, "traffic_type": 0}
        self.leads.append(lead | {"leads_data": answers})
        return self._event("channels_ec_order_ext_info_update", "", at)

    def _event(self, event: str, number: str, at: int) -> News:
        told: JsonValue = {
            "ToUserName": "gh_0",
            "FromUserName": "oSimulated",
            "CreateTime": at,
            "MsgType": "event",
            "Event": event,
            "order_info": {"order_id": int(number), "pay_time": at} if number else {},
        }
        return News(event, dump(told))

    def _list(self, told: dict[str, JsonValue]) -> Reply:
        span = told["update_time_range"]
        if not isinstance(span, dict):
            raise TypeError("update_time_range")
        first, last = int(str(span["start_time"])), int(str(span["end_time"]))
        if last - first > 7 * 86_400:
            return self.refuse("10020001")
        ids = [name for name, one in self.orders.items() if first <= int(str(one["update_time"])) <= last]
        begin, size = int(str(told.get("next_key") or "0")), int(self.settings["page_size"])
        rest: list[JsonValue] = list(ids[begin : begin + size])
        has_more = begin + size < len(ids)
        return _ok(order_id_list=rest, next_key=str(begin + size), has_more=has_more)

    def _leads(self, told: dict[str, JsonValue]) -> Reply:
        if str(told["leads_component_id"]) != COMPONENT:
            return self.refuse("10020002")
        first, last = int(str(told["start_time"])), int(str(told["end_time"]))
        found: list[JsonValue] = [one for one in self.leads if first <= int(str(one["live_start_time"])) <= last]
        return _ok(user_data=found, last_buffer="", continue_flag=False)


def _seal(message: bytes) -> str:
    """WeChat's envelope, written from its description: random, length, message, app id, padding to 32."""
    key = base64.b64decode(AES_KEY + "=")
    plain = secrets.token_bytes(16) + len(message).to_bytes(4, "big") + message + APP_ID.encode()
    plain += bytes([32 - len(plain) % 32]) * (32 - len(plain) % 32)
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


def _now() -> int:
    return int(clock.now().timestamp())


def _ok(**fields: JsonValue) -> Reply:
    return Reply(json.dumps({"errcode": 0, "errmsg": "ok", **fields}, ensure_ascii=False).encode())
