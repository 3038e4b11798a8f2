"""Youzan: only pushes. A percent-encoded JSON inside an envelope whose `sign` is MD5 of client id, text and secret."""

import hashlib
import json
from datetime import datetime
from urllib.parse import quote

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.moments import CHINA
from core.sdk.simulated import MARK
from core.simulator.shops import Bought, ShopVendor
from core.simulator.wire import Ack, Asked, News, Posting, Reply, dump, say

CLIENT, SECRET = f"yz{MARK}", "siyu-simulator-youzan"
PAID, BACK = "trade_TradePaid", "trade_refund_RefundSuccess"


class Youzan(ShopVendor):
    """A shop on Youzan."""

    key = "youzan"
    name = Text(zh="有赞", en="Youzan")
    hosts = ()
    account = {"youzan_client_id": CLIENT, "youzan_client_secret": SECRET}
    retries = (15, 60, 600, 3600)
    ack_within = 5.0
    first_number = 12300001

    def answer(self, asked: Asked) -> Reply:
        """Nobody asks it anything."""
        return self.refuse("404")

    def refuse(self, code: str) -> Reply:
        """Its shape of a no."""
        return say({"success": False, "code": int(code), "message": "simulated"})

    def is_taken(self, ack: Ack) -> bool:
        """`{"code":0,"msg":"success"}`, and nothing else."""
        return ack.status == 200 and ack.body.replace(b" ", b"") == b'{"code":0,"msg":"success"}'

    def order_news(self, one: Bought, what: str) -> News:
        """The trade, or the refund alone: a paid trade is cancelled by giving everything back."""
        told, kind = (self._trade(one), PAID) if what == "order" else (self._refund(one), BACK)
        message = quote(json.dumps(told, ensure_ascii=False))
        sign = hashlib.md5(f"{CLIENT}{message}{SECRET}".encode(), usedforsecurity=False).hexdigest()
        envelope: JsonValue = {
            "client_id": CLIENT,
            "id": _tid(one),
            "kdt_id": 1600,
            "kdt_name": "Siyu",
            "mode": 1,
            "msg": message,
            "msg_id": hashlib.sha256(f"{what}{message}".encode()).hexdigest()[:32],
            "sendCount": 1,
            "sign": sign,
            "status": "WAIT_SELLER_SEND_GOODS",
            "test": False,
            "type": kind,
            "version": 1,
        }
        return News(kind, dump(envelope))

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """The signature is in the body already."""
        return Posting(url, news.content, {"content-type": "application/json"})

    def forge(self, posting: Posting) -> Posting:
        """Another message under the old signature."""
        return Posting(posting.url, posting.body.replace(b"%22tid%22", b"%22Tid%22"), posting.headers)

    def _trade(self, one: Bought) -> JsonValue:
        return {
            "full_order_info": {
                "order_info": {"tid": _tid(one), "pay_time": _local(one.moment), "created": _local(one.moment)},
                "pay_info": {"payment": one.amount},
                "orders": [{"title": "龙井", "payment": one.amount, "num": 1}],
                "buyer_info": {"yz_open_id": f"yz-{one.phone[-8:]}", "buyer_phone": one.phone},
            },
            "qr_info": {"qr_id": one.code or 0},
        }

    def _refund(self, one: Bought) -> JsonValue:
        back, at = f"{(one.refunded or one.cents) / 100:.2f}", _local(clock.now())
        return {"tid": _tid(one), "refund_id": f"R{one.number}", "refunded_fee": back, "update_time": at}


def _tid(one: Bought) -> str:
    return f"E{one.moment:%Y%m%d}{one.number}"


def _local(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
