"""WeChat Pay's transfers to people (商家转账 v3) with WeChat's sign-in: signed both ways, taken by the person."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import ClassVar
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day
from core.simulator.vendor import Vendor
from core.simulator.wechat_keys import MERCHANT_PRIVATE, PLATFORM_PRIVATE, PLATFORM_PUBLIC
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

APP_ID, APP_SECRET = f"wx{MARK}", "siyu-simulator-wechat-app"
MERCHANT, SERIAL, KEY_ID = f"16{MARK}", "51051051057A3C", f"PUB_KEY_ID_{MARK}"
API_KEY = "siyuSimulatorWechatPayApiV3Key05"
BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
OPEN = ("WAIT_USER_CONFIRM", "ACCEPTED", "PROCESSING")
STATUS = {
    "SIGN_ERROR": 401,
    "PARAM_ERROR": 400,
    "INVALID_REQUEST": 400,
    "NOT_ENOUGH": 403,
    "NO_AUTH": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "FREQUENCY_LIMIT_EXCEED": 429,
    "SYSTEM_ERROR": 500,
}
_SAID = re.compile(r'(\w+)="([^"]*)"')
Bill = dict[str, JsonValue]


class WechatPay(Vendor):
    """Answers as api.mch.weixin.qq.com and WeChat's sign-in do. A bill waits until somebody takes the money."""

    key = "wechat_pay"
    name = Text(zh="微信支付商家转账", en="WeChat Pay transfers")
    hosts = ("api.mch.weixin.qq.com", "open.weixin.qq.com", "api.weixin.qq.com/sns")
    account: ClassVar[Mapping[str, str]] = {
        "pay_merchant": MERCHANT,
        "pay_serial": SERIAL,
        "pay_private_key": MERCHANT_PRIVATE,
        "pay_api_key": API_KEY,
        "pay_public_key_id": KEY_ID,
        "pay_public_key": PLATFORM_PUBLIC,
        "pay_app_id": APP_ID,
        "pay_app_secret": APP_SECRET,
    }
    console: ClassVar[Mapping[str, str]] = {"person": ""}
    troubles = {
        "forged": "SIGN_ERROR",
        "garbage": "PARAM_ERROR",
        "busy": "FREQUENCY_LIMIT_EXCEED",
        "empty": "NOT_ENOUGH",
    }
    retries = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
    topics: ClassVar[Mapping[str, Text]] = {
        "confirm": Text(zh="用户确认收款", en="The person takes the money"),
        "expire": Text(zh="过期没有领取", en="Nobody takes it in time"),
        "fail": Text(zh="转账失败", en="The transfer fails"),
    }
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = dict.fromkeys(topics, ("bill",))
    daytime = "night"

    def forget(self) -> None:
        """Nobody was paid."""
        self.bills: dict[str, Bill] = {}
        self.codes: dict[str, str] = {}

    def remember(self) -> JsonValue:
        """The books outlive a restart."""
        return dict(self.bills)

    def recall(self, kept: JsonValue) -> None:
        """Open the books again."""
        if isinstance(kept, dict):
            self.bills = {name: one for name, one in kept.items() if isinstance(one, dict)}

    def why_forged(self, asked: Asked) -> str:
        """WECHATPAY2-SHA256-RSA2048 by the merchant's key; the sign-in has a secret instead."""
        if asked.host != "api.mch.weixin.qq.com" or asked.path.startswith("/simulated/"):
            return ""
        scheme, _, rest = asked.headers["authorization"].partition(" ")
        said = dict(_SAID.findall(rest))
        if scheme != "WECHATPAY2-SHA256-RSA2048" or (said["mchid"], said["serial_no"]) != (MERCHANT, SERIAL):
            return "another scheme, merchant or serial number"
        if abs(clock.now().timestamp() - int(said["timestamp"])) > 300:
            return "the timestamp is more than five minutes off"
        text = f"{asked.method}\n{asked.target}\n{said['timestamp']}\n{said['nonce_str']}\n".encode()
        try:
            _key(MERCHANT_PRIVATE).public_key().verify(
                base64.b64decode(said["signature"]), text + asked.body + b"\n", PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            return "the signature is another"
        return ""

    def answer(self, asked: Asked) -> Reply:
        """Sign-in, a new bill, a question about one, taking one back; and the button of WeChat's own window."""
        match asked.path:
            case "/connect/oauth2/authorize":
                return self._sign_in(asked.query)
            case "/sns/oauth2/access_token":
                return self._exchange(asked.query)
            case "/simulated/confirm":
                return self._press(asked.query["package"])
        if asked.path == BILLS and asked.method == "POST":
            return self._transfer(asked.fields)
        number, _, deed = asked.path.removeprefix(f"{BILLS}/out-bill-no/").partition("/")
        bill = self.bills.get(number)
        if bill is None:
            return self.refuse("NOT_FOUND")
        if deed == "cancel" and asked.method == "POST":
            return self._take_back(bill)
        return _signed(say({name: value for name, value in bill.items() if name not in ("notify_url", "package_info")}))

    def refuse(self, code: str) -> Reply:
        """A status, a code and a message."""
        return _signed(say({"code": code, "message": "simulated"}, STATUS.get(code, 400)))

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """The resource is sealed with the API key, the whole is signed by the platform's key."""
        nonce = secrets.token_hex(6)
        sealed = AESGCM(API_KEY.encode()).encrypt(nonce.encode(), news.content, b"mch_payment")
        told: JsonValue = {
            "id": f"EV-{hashlib.sha256(news.content).hexdigest()[:32]}",
            "create_time": at.isoformat(timespec="seconds"),
            "resource_type": "encrypt-resource",
            "event_type": "MCHTRANSFER.BILL.FINISHED",
            "summary": "商家转账单据终态通知",
            "resource": {
                "original_type": "mch_payment",
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": base64.b64encode(sealed).decode(),
                "associated_data": "mch_payment",
                "nonce": nonce,
            },
        }
        signed = _signed(Reply(dump(told)), at=at)
        return Posting(url, signed.body, signed.headers)

    def forge(self, posting: Posting) -> Posting:
        """Signed by somebody who has not the platform's key."""
        headers = dict(posting.headers) | {"wechatpay-signature": base64.b64encode(bytes(256)).decode()}
        return replace(posting, headers=headers)

    def make_happen(self, what: str, fields: Mapping[str, str]) -> Iterable[News]:
        """The bill named, or the oldest that waits, ends; the merchant is told."""
        bill = self.bills[fields["bill"]] if fields.get("bill") else next(iter(self._waiting()), None)
        if bill is None or bill["state"] not in OPEN:
            raise ValueError("no bill waits for this")
        ends = {"confirm": ("SUCCESS", ""), "expire": ("CANCELLED", ""), "fail": ("FAIL", "ACCOUNT_ABNORMAL")}
        return self._end(bill, *ends[what])

    def a_day(self, day: Day) -> None:
        """Most people take what waits for them."""
        waiting = [bill for bill in self._waiting() if day.rng.random() < 0.9]
        for bill in waiting:
            self.outbox += self._end(bill, "SUCCESS", "")
        if waiting:
            day.note(f"{self.name.zh}：{len(waiting)} 人收了红包 / {len(waiting)} people took their red packets")

    def _waiting(self) -> list[Bill]:
        return [bill for bill in self.bills.values() if bill["state"] in OPEN]

    def _sign_in(self, query: Mapping[str, str]) -> Reply:
        """What WeChat's own browser does with the address: straight back, with a code that works once."""
        if query["appid"] != APP_ID or query["response_type"] != "code":
            raise ValueError("another app")
        code = secrets.token_hex(16)
        self.codes[code] = self.settings["person"] or f"oSimulated{self.fresh_number()}"
        back = f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
        return Reply(b"", 302, {"location": back})

    def _exchange(self, query: Mapping[str, str]) -> Reply:
        if (query["appid"], query["secret"]) != (APP_ID, APP_SECRET):
            return say({"errcode": 40125, "errmsg": "invalid appsecret"})
        person = self.codes.pop(query["code"], "")
        if not person:
            return say({"errcode": 40163, "errmsg": "code been used"})
        return say({"access_token": "simulated", "expires_in": 7200, "openid": person, "scope": "snsapi_base"})

    def _press(self, package: str) -> Reply:
        """The button of WeChat's window, which a simulated person presses in a browser."""
        bill = next((one for one in self._waiting() if one.get("package_info") == package), None)
        if bill is not None:
            self.outbox += self._end(bill, "SUCCESS", "")
        said = (
            "已确认收款，可以回到红包页。 Taken: go back to the page."
            if bill
            else "这笔已经结束。 This bill has ended."
        )
        return Reply(said.encode(), 200, {"content-type": "text/plain; charset=utf-8"})

    def _transfer(self, told: dict[str, JsonValue]) -> Reply:
        number, amount = str(told["out_bill_no"]), told["transfer_amount"]
        if not re.fullmatch(r"[0-9A-Za-z]{5,32}", number) or not isinstance(amount, int) or isinstance(amount, bool):
            return self.refuse("PARAM_ERROR")
        if told["appid"] != APP_ID or not 10 <= amount < 200_000 or not told["transfer_scene_report_infos"]:
            return self.refuse("PARAM_ERROR")
        known = self.bills.get(number)
        if known is not None and (known["transfer_amount"], known["openid"]) != (amount, told["openid"]):
            return self.refuse("ALREADY_EXISTS")
        if known is None:
            moment = _now()
            known = self.bills[number] = {
                "mch_id": MERCHANT,
                "out_bill_no": number,
                "transfer_bill_no": f"1330{self.fresh_number()}",
                "appid": APP_ID,
                "state": "WAIT_USER_CONFIRM",
                "transfer_amount": amount,
                "transfer_remark": str(told["transfer_remark"])[:32],
                "openid": str(told["openid"]),
                "create_time": moment,
                "update_time": moment,
                "notify_url": str(told.get("notify_url") or ""),
                "package_info": f"pkg{secrets.token_hex(12)}{MARK}",
            }
        names = ("out_bill_no", "transfer_bill_no", "create_time", "state", "package_info")
        return _signed(say({name: known[name] for name in names}))

    def _take_back(self, bill: Bill) -> Reply:
        if bill["state"] not in OPEN:
            return self.refuse("INVALID_REQUEST")
        self.outbox += self._end(bill, "CANCELLED", "")
        names = ("out_bill_no", "transfer_bill_no", "state", "update_time")
        return _signed(say({name: bill[name] for name in names}))

    def _end(self, bill: Bill, state: str, reason: str) -> list[News]:
        bill["state"], bill["update_time"], bill["fail_reason"] = state, _now(), reason
        names = ("out_bill_no", "transfer_bill_no", "state", "mch_id", "transfer_amount", "openid", "fail_reason")
        content = dump({name: bill[name] for name in (*names, "create_time", "update_time")})
        url = str(bill["notify_url"])
        return [News(state.lower(), content, url=url)] if url or self.hooks else []


def _signed(reply: Reply, *, at: datetime | None = None) -> Reply:
    """With the headers by which a merchant knows that it is WeChat Pay who speaks."""
    stamp, nonce = str(int((at or clock.now()).timestamp())), secrets.token_hex(8)
    signed = _key(PLATFORM_PRIVATE).sign(f"{stamp}\n{nonce}\n".encode() + reply.body + b"\n", PKCS1v15(), SHA256())
    headers = {
        "content-type": "application/json",
        "wechatpay-serial": KEY_ID,
        "wechatpay-timestamp": stamp,
        "wechatpay-nonce": nonce,
        "wechatpay-signature": base64.b64encode(signed).decode(),
    }
    return Reply(reply.body, reply.status, headers)


@cache
def _key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")
