"""Tencent Cloud's stand-in: checks TC3 over what really arrived, answers number by number, pushes unsigned statuses."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any, Literal

from werkzeug import Request, Response

from core import clock
from core.sdk.moments import CHINA
from tests.factories.sms import PREFIX, TEMPLATE
from tests.plugins.sms.standins.server import Callback, Log, Sent

ACCOUNT = {
    "kind": "tencent",
    "secret_id": "AKID00000000",
    "secret_key": "secret-000000000000",
    "sdk_app_id": "1400006666",
    "template_id": "1110",
}
REFUSALS = {
    "forged": "AuthFailure.SignatureFailure",
    "throttled": "RequestLimitExceeded",
    "empty": "UnauthorizedOperation.SerivceSuspendDueToArrears",
}


class TencentVendor:
    """Answers as sms.tencentcloudapi.com does."""

    def __init__(self) -> None:
        self.log = Log()
        self.codes: dict[str, str] = {}
        """What to say to some numbers instead of Ok."""

    def form(self, *, hook: str = "") -> dict[str, Any]:
        return {"signature": "思域好物", "template": TEMPLATE, "link_prefix": PREFIX, "provider": ACCOUNT}

    def with_wrong_key(self, form: dict[str, Any]) -> dict[str, Any]:
        return form | {"provider": ACCOUNT | {"secret_key": "another-secret-0000"}}

    def is_genuine(self, request: Request) -> bool:
        scheme, _, rest = request.headers["Authorization"].partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        key_id, day, service, _ = said["Credential"].split("/")
        names = said["SignedHeaders"].split(";")
        second = request.headers["X-TC-Timestamp"]
        lines = "".join(f"{name}:{request.headers[name].lower()}\n" for name in names)
        body = hashlib.sha256(request.get_data()).hexdigest()
        canonical = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{body}"
        scope = f"{day}/{service}/tc3_request"
        text = f"TC3-HMAC-SHA256\n{second}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("TC3" + ACCOUNT["secret_key"]).encode()
        for part in (day, service, "tc3_request", text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return (
            scheme == "TC3-HMAC-SHA256"
            and {"content-type", "host"} <= set(names)
            and (key_id, service) == (ACCOUNT["secret_id"], "sms")
            and day == datetime.fromtimestamp(int(second), UTC).strftime("%Y-%m-%d")
            and abs(clock.now().timestamp() - int(second)) < 300
            and hmac.compare_digest(said["Signature"], key.hex())
        )

    def query(self, request: Request) -> Response | None:
        asked = json.loads(request.get_data())
        match request.headers["X-TC-Action"]:
            case "DescribeSmsTemplateList":
                text = TEMPLATE.replace("${link}", PREFIX + "{1}")
                return _say(DescribeTemplateStatusSet=[{"StatusCode": 0, "TemplateContent": text, "TemplateId": 1110}])
            case "PullSmsSendStatusByPhoneNumber":
                found = [one for one in self.log.sent if one.phone == asked["PhoneNumber"]]
                return _say(PullSmsSendStatusSet=[_status(one) for one in found])
            case "PullSmsReplyStatusByPhoneNumber":
                return _say(PullSmsReplyStatusSet=[])
        return None

    def accept(self, request: Request) -> Response:
        asked = json.loads(request.get_data())
        assert asked["SmsSdkAppId"] == ACCOUNT["sdk_app_id"]
        assert not any("/" in value for value in asked["TemplateParamSet"])
        statuses = []
        for phone in asked["PhoneNumberSet"]:
            code, serial = self.codes.get(phone, "Ok"), f"2026:{len(self.log.sent) + 1}"
            if code == "Ok":
                self.log.sent.append(
                    Sent(phone, serial, asked["SessionContext"], json.dumps(asked["TemplateParamSet"]))
                )
            statuses.append({"SerialNo": serial if code == "Ok" else "", "PhoneNumber": phone, "Fee": 1, "Code": code})
        return _say(SendStatusSet=statuses)

    def refuse(self, why: Literal["forged", "throttled", "empty"]) -> Response:
        return _say(Error={"Code": REFUSALS[why], "Message": why})

    def callbacks(self, *, hook: str) -> list[Callback]:
        statuses = [
            {
                "user_receive_time": clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
                "nationcode": "86",
                "mobile": one.phone.removeprefix("+86"),
                "report_status": "SUCCESS" if one.is_delivered else "FAIL",
                "errmsg": "DELIVRD" if one.is_delivered else "UNDELIV",
                "description": "用户短信送达成功",
                "sid": one.id,
            }
            for one in self.log.sent
        ]
        replies = [
            {
                "extend": "",
                "mobile": one.phone.removeprefix("+86"),
                "nationcode": "86",
                "sign": "思域好物",
                "text": text,
                "time": 1_795_226_580,
            }
            for one, text in zip(self.log.sent, ("R", "什么时候到货"), strict=False)
        ]
        pushes: list[object] = [statuses[:2], statuses[2:], *replies]
        return [Callback(json.dumps(push).encode(), {"content-type": "application/json"}) for push in pushes if push]


def _status(one: Sent) -> dict[str, Any]:
    return {
        "Description": "DELIVRD" if one.is_delivered else "UNDELIV",
        "CountryCode": "86",
        "ReportStatus": "SUCCESS" if one.is_delivered else "FAIL",
        "PhoneNumber": one.phone,
        "SerialNo": one.id,
        "UserReceiveTime": int(clock.now().timestamp()),
        "SessionContext": one.key,
    }


def _say(**fields: Any) -> Response:
    told = {"Response": fields | {"RequestId": "r"}}
    return Response(json.dumps(told), 200, content_type="application/json")
