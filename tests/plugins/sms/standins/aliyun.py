"""Aliyun's stand-in: checks ACS3 over what really arrived, sends batches, pushes unsigned reports."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs

from werkzeug import Request, Response

from core import clock
from core.sdk.moments import CHINA
from tests.factories.sms import ACCOUNT, PREFIX, TEMPLATE
from tests.plugins.sms.standins.server import Callback, Log, Sent

REFUSALS = {
    "forged": ("SignatureDoesNotMatch", 400),
    "throttled": ("Throttling.User", 400),
    "empty": ("isv.OUT_OF_SERVICE", 200),
}


class AliyunVendor:
    """Answers as dysmsapi.aliyuncs.com does."""

    def __init__(self) -> None:
        self.log = Log()

    def form(self, *, hook: str = "") -> dict[str, Any]:
        return {"signature": "思域好物", "template": TEMPLATE, "link_prefix": PREFIX, "provider": ACCOUNT}

    def with_wrong_key(self, form: dict[str, Any]) -> dict[str, Any]:
        return form | {"provider": ACCOUNT | {"access_key_secret": "another-secret-0000"}}

    def is_genuine(self, request: Request) -> bool:
        scheme, _, rest = request.headers["Authorization"].partition(" ")
        said = dict(part.split("=", 1) for part in rest.split(","))
        names = said["SignedHeaders"].split(";")
        body = hashlib.sha256(request.get_data()).hexdigest()
        at = datetime.strptime(request.headers["x-acs-date"] + "+0000", "%Y-%m-%dT%H:%M:%SZ%z")
        lines = "".join(f"{name}:{request.headers[name]}\n" for name in names)
        query = "&".join(sorted(request.query_string.decode().split("&")))
        canonical = f"{request.method}\n{request.path}\n{query}\n{lines}\n{';'.join(names)}\n{body}"
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        wanted = hmac.new(ACCOUNT["access_key_secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
        must = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}
        return (
            scheme == "ACS3-HMAC-SHA256"
            and must <= set(names)
            and said["Credential"] == ACCOUNT["access_key_id"]
            and request.headers["x-acs-content-sha256"] == body
            and abs(clock.now() - at) < timedelta(minutes=15)
            and hmac.compare_digest(said["Signature"], wanted)
        )

    def query(self, request: Request) -> Response | None:
        match request.headers["x-acs-action"]:
            case "GetSmsTemplate":
                return _ok(TemplateStatus="1", TemplateContent=TEMPLATE.replace("${link}", PREFIX + "${code}"))
            case "QuerySendDetails":
                phone = request.args["PhoneNumber"]
                rows = [_detail(one) for one in self.log.sent if one.phone.endswith(phone)]
                return _ok(SmsSendDetailDTOs={"SmsSendDetailDTO": rows})
        return None

    def accept(self, request: Request) -> Response:
        fields = {name: values[0] for name, values in parse_qs(request.get_data().decode()).items()}
        phones, biz_id = json.loads(fields["PhoneNumberJson"]), f"{len(self.log.batches) + 1:018d}^0"
        variables = json.loads(fields["TemplateParamJson"])
        assert len(phones) == len(set(phones)) == len(variables) == len(json.loads(fields["SignNameJson"])) <= 100
        out_id = request.args["OutId"]
        self.log.sent += [
            Sent(f"+86{phone}", biz_id, out_id, json.dumps(one)) for phone, one in zip(phones, variables, strict=True)
        ]
        return _ok(BizId=biz_id)

    def refuse(self, why: Literal["forged", "throttled", "empty"]) -> Response:
        code, status = REFUSALS[why]
        return _json({"Code": code, "Message": why, "RequestId": "r"}, status)

    def callbacks(self, *, hook: str) -> list[Callback]:
        reports = [
            {
                "phone_number": one.phone.removeprefix("+86"),
                "send_time": _local(),
                "report_time": _local(),
                "success": one.is_delivered,
                "err_code": "DELIVERED" if one.is_delivered else "MK:0001",
                "err_msg": "用户接收成功" if one.is_delivered else "空号",
                "sms_size": "1",
                "biz_id": one.id,
                "out_id": one.key,
            }
            for one in self.log.sent
        ]
        replies = [
            {
                "phone_number": one.phone.removeprefix("+86"),
                "content": content,
                "send_time": "2026-11-21 13:00:00",
                "dest_code": "",
                "sequence_id": number,
            }
            for number, (one, content) in enumerate(zip(self.log.sent, ("R", "什么时候到货"), strict=False))
        ]
        pushes = [reports[:2], reports[2:], *[[reply] for reply in replies]]
        headers = {"content-type": "application/json; charset=UTF-8"}
        return [Callback(json.dumps(push).encode(), headers) for push in pushes if push]


def _detail(one: Sent) -> dict[str, Any]:
    return {
        "PhoneNum": one.phone.removeprefix("+86"),
        "SendStatus": 3 if one.is_delivered else 2,
        "ErrCode": "DELIVERED" if one.is_delivered else "MK:0001",
        "OutId": one.key,
        "SendDate": _local(),
        "ReceiveDate": _local(),
    }


def _local() -> str:
    return clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _ok(**fields: Any) -> Response:
    return _json({"Code": "OK", "Message": "OK", "RequestId": "r"} | fields, 200)


def _json(told: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(told), status, content_type="application/json")
