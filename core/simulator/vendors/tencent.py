"""Tencent Cloud SMS (2021-01-11): checks TC3 over what arrived, answers number by number, pushes unsigned statuses."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.texts import Sent, SmsVendor, china_time, national
from core.simulator.wire import Ack, Asked, News, Reply, dump, say

SECRET = "siyu-simulator-tencent"


class Tencent(SmsVendor):
    """Answers as sms.tencentcloudapi.com does."""

    key = "tencent"
    name = Text(zh="腾讯云短信", en="Tencent Cloud SMS")
    hosts = ("sms.tencentcloudapi.com",)
    account = {
        "secret_id": f"AKID{MARK}",
        "secret_key": SECRET,
        "sdk_app_id": f"14{MARK}",
        "template_id": "1110",
    }
    console = {"template": "新品到店，点 http://localhost:8400/t/{1} 查看 拒收请回复R"}
    troubles = {
        "forged": "AuthFailure.SignatureFailure",
        "garbage": "InvalidParameter",
        "busy": "RequestLimitExceeded",
        "empty": "UnauthorizedOperation.SerivceSuspendDueToArrears",
    }
    retries = (60, 300, 600)

    def why_forged(self, asked: Asked) -> str:
        """TC3-HMAC-SHA256 with the key of the day, five minutes."""
        scheme, _, rest = asked.headers["authorization"].partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        key_id, day, service, _ = said["Credential"].split("/")
        names, second = said["SignedHeaders"].split(";"), int(asked.headers["x-tc-timestamp"])
        if scheme != "TC3-HMAC-SHA256" or (key_id, service) != (self.account["secret_id"], "sms"):
            return "another scheme, SecretId or service"
        if not {"content-type", "host"} <= set(names):
            return "content-type and host must be signed"
        if day != datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d"):
            return "the day is not the timestamp's"
        if abs(clock.now().timestamp() - second) >= 300:
            return "the timestamp is more than five minutes off"
        is_same = hmac.compare_digest(said["Signature"], _signature(asked, names, f"{day}/{service}/tc3_request"))
        return "" if is_same else "the signature is another"

    def is_query(self, asked: Asked) -> bool:
        """All are POST here; the action says it."""
        return asked.headers.get("x-tc-action") != "SendSms"

    def answer(self, asked: Asked) -> Reply:
        """The actions that the channel calls."""
        told = json.loads(asked.body)
        match asked.headers["x-tc-action"]:
            case "SendSms":
                return self._send(told)
            case "DescribeSmsTemplateList":
                row: JsonValue = {"StatusCode": 0, "TemplateContent": self.settings["template"], "TemplateId": 1110}
                known = int(self.account["template_id"]) in told["TemplateIdSet"]
                return _say(DescribeTemplateStatusSet=[row] if known else [])
            case "PullSmsSendStatusByPhoneNumber":
                found = [self._status(one) for one in self.sent if one.phone == told["PhoneNumber"]]
                return _say(PullSmsSendStatusSet=[one for one in found if one])
            case "PullSmsReplyStatusByPhoneNumber":
                return _say(PullSmsReplyStatusSet=[])
        return self.refuse("InvalidAction")

    def refuse(self, code: str) -> Reply:
        """Status 200 with an error inside."""
        return _say(Error={"Code": code, "Message": "simulated"})

    def receipts(self, messages: Sequence[Sent]) -> list[News]:
        """An array of statuses for each call."""
        statuses: list[JsonValue] = [
            {
                "user_receive_time": china_time(),
                "nationcode": "86",
                "mobile": national(one.phone),
                "report_status": "SUCCESS" if self.ending_of(one).state == "delivered" else "FAIL",
                "errmsg": "DELIVRD" if self.ending_of(one).state == "delivered" else "UNDELIV",
                "description": "用户短信送达成功" if self.ending_of(one).state == "delivered" else "空号",
                "sid": one.id,
            }
            for one in messages
        ]
        return [News("status", dump(statuses), after=self.receipt_after)] if statuses else []

    def reply(self, phone: str, text: str, number: int) -> News:
        """One reply is one object."""
        told: JsonValue = {
            "extend": "",
            "mobile": national(phone),
            "nationcode": "86",
            "sign": "",
            "text": text,
            "time": int(clock.now().timestamp()),
        }
        return News("reply", dump(told), after=self.reply_after)

    def is_taken(self, ack: Ack) -> bool:
        """The result must be 0."""
        try:
            return ack.status == 200 and json.loads(ack.body).get("result") == 0
        except (ValueError, AttributeError):
            return False

    def _send(self, told: dict[str, JsonValue]) -> Reply:
        phones, values = told["PhoneNumberSet"], told["TemplateParamSet"]
        if not isinstance(phones, list) or not isinstance(values, list) or len(phones) > 200:
            return self.refuse("LimitExceeded.PhoneNumberCountLimit")
        if told["SmsSdkAppId"] != self.account["sdk_app_id"]:
            return self.refuse("InvalidParameterValue.SdkAppIdNotExist")
        if told["TemplateId"] != self.account["template_id"]:
            return self.refuse("FailedOperation.TemplateIncorrectOrUnapproved")
        if any("/" in str(value) for value in values):
            return self.refuse("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter")
        text = f"【{told['SignName']}】" + re.sub(
            r"\{(\d+)\}", lambda found: str(values[int(found[1]) - 1]), self.settings["template"]
        )
        statuses: list[JsonValue] = []
        taken: list[Sent] = []
        for phone in map(str, phones):
            code, serial = self.codes.get(phone, "Ok"), f"2026:{self.fresh_number()}"
            if code == "Ok" and not re.fullmatch(r"\+\d{7,15}", phone):
                code = "InvalidParameterValue.IncorrectPhoneNumber"
            if code == "Ok":
                context, sign = str(told.get("SessionContext", "")), str(told["SignName"])
                taken.append(Sent(phone, serial, context, text, label=sign))
            statuses.append({"SerialNo": serial if code == "Ok" else "", "PhoneNumber": phone, "Fee": 1, "Code": code})
        self.took(taken)
        return _say(SendStatusSet=statuses)

    def _status(self, one: Sent) -> JsonValue:
        state = self.ending_of(one).state
        if state == "unheard":
            return None
        return {
            "Description": "DELIVRD" if state == "delivered" else "UNDELIV",
            "CountryCode": "86",
            "ReportStatus": "SUCCESS" if state == "delivered" else "FAIL",
            "PhoneNumber": one.phone,
            "SerialNo": one.id,
            "UserReceiveTime": int(clock.now().timestamp()),
            "SessionContext": one.key,
        }


def _signature(asked: Asked, names: list[str], scope: str) -> str:
    lines = "".join(f"{name}:{asked.headers[name].lower()}\n" for name in names)
    canonical = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{hashlib.sha256(asked.body).hexdigest()}"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"TC3{SECRET}".encode()
    for part in (*scope.split("/"), f"TC3-HMAC-SHA256\n{asked.headers['x-tc-timestamp']}\n{scope}\n{hashed}"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def _say(**fields: JsonValue) -> Reply:
    return say({"Response": fields | {"RequestId": "simulated"}})
