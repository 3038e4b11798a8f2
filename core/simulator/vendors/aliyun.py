"""Aliyun SMS (Dysmsapi 2017-05-25): checks ACS3 over what arrived, sends batches, pushes reports and uplinks."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.texts import Sent, SmsVendor, china_time, national
from core.simulator.wire import Ack, Asked, News, Reply, dump, say

SECRET = "siyu-simulator-aliyun"
MUST_BE_SIGNED = {
    "host",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
}
HTTP_STATUS = {"SignatureDoesNotMatch": 400, "Throttling.User": 400, "InvalidAction.NotFound": 404}


class Aliyun(SmsVendor):
    """Answers as dysmsapi.aliyuncs.com does."""

    key = "aliyun"
    name = Text(zh="阿里云短信", en="Aliyun SMS")
    hosts = ("dysmsapi.aliyuncs.com", "dysmsapi.ap-southeast-1.aliyuncs.com")
    account = {"access_key_id": f"LTAI{MARK}", "access_key_secret": SECRET, "template_code": f"SMS_{MARK}"}
    console = {"template": "新品到店，点 http://localhost:8400/t/${code} 查看 拒收请回复R"}
    troubles = {
        "forged": "SignatureDoesNotMatch",
        "garbage": "isv.INVALID_PARAMETERS",
        "busy": "Throttling.User",
        "empty": "isv.OUT_OF_SERVICE",
    }
    retries = (60, 300, 600, 1800, 3600)

    def forget(self) -> None:
        """Nothing was sent, and no nonce was used."""
        super().forget()
        self._nonces: set[str] = set()

    def why_forged(self, asked: Asked) -> str:
        """ACS3-HMAC-SHA256, 15 minutes, each nonce once."""
        scheme, _, rest = asked.headers["authorization"].partition(" ")
        said = dict(part.split("=", 1) for part in rest.split(","))
        names, body = said["SignedHeaders"].split(";"), hashlib.sha256(asked.body).hexdigest()
        at = datetime.strptime(asked.headers["x-acs-date"] + "+0000", "%Y-%m-%dT%H:%M:%SZ%z")
        if scheme != "ACS3-HMAC-SHA256" or said["Credential"] != self.account["access_key_id"]:
            return "another scheme or AccessKey ID"
        if missing := MUST_BE_SIGNED - set(names):
            return f"not signed: {', '.join(sorted(missing))}"
        if asked.headers["x-acs-content-sha256"] != body:
            return "x-acs-content-sha256 is not the body's"
        if abs(clock.now() - at) > timedelta(minutes=15):
            return "x-acs-date is more than 15 minutes off"
        if not hmac.compare_digest(said["Signature"], _signature(asked, names, body)):
            return "the signature is another"
        nonce = asked.headers["x-acs-signature-nonce"]
        if nonce in self._nonces:
            return "the nonce was used before"
        self._nonces.add(nonce)
        return ""

    def is_query(self, asked: Asked) -> bool:
        """All are POST here; the action says it."""
        return asked.headers.get("x-acs-action") != "SendBatchSms"

    def answer(self, asked: Asked) -> Reply:
        """The actions that the channel calls."""
        match asked.headers["x-acs-action"]:
            case "SendBatchSms":
                return self._send(asked)
            case "GetSmsTemplate":
                return _ok(TemplateStatus=1, TemplateContent=self.settings["template"])
            case "QuerySendDetails":
                return self._details(asked.query)
        return self.refuse("InvalidAction.NotFound")

    def refuse(self, code: str) -> Reply:
        """The code in the body; the status depends."""
        told: JsonValue = {"Code": code, "Message": _message(code), "RequestId": "simulated"}
        return say(told, HTTP_STATUS.get(code, 200))

    def receipts(self, messages: Sequence[Sent]) -> list[News]:
        """SmsReport: an array for each call."""
        reports: list[JsonValue] = [self._report(one) for one in messages]
        return [News("SmsReport", dump(reports), after=self.receipt_after)] if reports else []

    def reply(self, phone: str, text: str, number: int) -> News:
        """SmsUp."""
        told: JsonValue = [
            {
                "phone_number": national(phone),
                "content": text,
                "send_time": china_time(),
                "dest_code": "",
                "sequence_id": number,
            }
        ]
        return News("SmsUp", dump(told), after=self.reply_after)

    def is_taken(self, ack: Ack) -> bool:
        """The code must be the number 0."""
        try:
            told = json.loads(ack.body)
        except ValueError:
            return False
        return ack.status == 200 and isinstance(told, dict) and told.get("code") == 0 and told["code"] is not False

    def _send(self, asked: Asked) -> Reply:
        form, query = asked.form, asked.query
        phones, signs = json.loads(form["PhoneNumberJson"]), json.loads(form["SignNameJson"])
        variables = json.loads(form["TemplateParamJson"])
        if not len(phones) == len(signs) == len(variables) or len(phones) != len(set(phones)):
            return self.refuse("isv.INVALID_PARAMETERS")
        if len(phones) > 100:
            return self.refuse("isv.MOBILE_COUNT_OVER_LIMIT")
        if query["TemplateCode"] != self.account["template_code"]:
            return self.refuse("isv.SMS_TEMPLATE_ILLEGAL")
        for phone in phones:
            if code := self.codes.get(f"+86{phone}"):
                return self.refuse(code)
            if not re.fullmatch(r"1\d{10}", phone):
                return self.refuse("isv.MOBILE_NUMBER_ILLEGAL")
        wanted = set(re.findall(r"\$\{(\w+)\}", self.settings["template"]))
        if any(wanted - set(one) for one in variables):
            return self.refuse("isv.TEMPLATE_MISSING_PARAMETERS")
        biz_id = f"{self.fresh_number():018d}^0"
        out_id = query.get("OutId", "")
        self.took(
            [
                Sent(f"+86{phone}", biz_id, out_id, f"【{sign}】{self._text(one)}", label=sign)
                for phone, sign, one in zip(phones, signs, variables, strict=True)
            ]
        )
        return _ok(BizId=biz_id)

    def _text(self, variables: dict[str, str]) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda found: variables[found[1]], self.settings["template"])

    def _report(self, one: Sent) -> JsonValue:
        is_delivered = self.ending_of(one).state == "delivered"
        return {
            "phone_number": national(one.phone),
            "send_time": china_time(),
            "report_time": china_time(),
            "success": is_delivered,
            "err_code": "DELIVERED" if is_delivered else "MK:0001",
            "err_msg": "用户接收成功" if is_delivered else "空号",
            "sms_size": "1",
            "biz_id": one.id,
            "out_id": one.key,
        }

    def _details(self, query: dict[str, str]) -> Reply:
        found = [
            one
            for one in self.sent
            if national(one.phone) == query["PhoneNumber"] and query.get("BizId", one.id) == one.id
        ]
        rows: list[JsonValue] = [self._detail(one) for one in found[-50:]]
        return _ok(TotalCount=len(rows), SmsSendDetailDTOs={"SmsSendDetailDTO": rows})

    def _detail(self, one: Sent) -> JsonValue:
        state = self.ending_of(one).state
        return {
            "PhoneNum": national(one.phone),
            "SendStatus": {"unheard": 1, "failed": 2, "delivered": 3}[state],
            "ErrCode": {"unheard": "", "failed": "MK:0001", "delivered": "DELIVERED"}[state],
            "OutId": one.key,
            "SendDate": china_time(),
            "ReceiveDate": china_time(),
        }


def _signature(asked: Asked, names: list[str], body: str) -> str:
    lines = "".join(f"{name}:{asked.headers[name]}\n" for name in names)
    query = "&".join(sorted(filter(None, asked.target.partition("?")[2].split("&"))))
    canonical = f"{asked.method}\n{asked.path}\n{query}\n{lines}\n{';'.join(names)}\n{body}"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def _message(code: str) -> str:
    return "触发小时级流控Permits:5" if code == "isv.BUSINESS_LIMIT_CONTROL" else "simulated"


def _ok(**fields: JsonValue) -> Reply:
    return say({"Code": "OK", "Message": "OK", "RequestId": "simulated", **fields})
