"""The calls of Tencent Cloud SMS (2021-01-11) that we make."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from core.sdk import HttpClient, Unknown, now
from core.sdk.signing.tencent import tc3_headers
from plugins.sms.tencent.account import TencentAccount
from plugins.sms.tencent.codes import failure_of

HOST, VERSION = "sms.tencentcloudapi.com", "2021-01-11"
Row = dict[str, JsonValue]


class TencentApi:
    """A signed session for one verb call; `http` is open."""

    def __init__(self, http: HttpClient, account: TencentAccount) -> None:
        self._http = http
        self._account = account

    def send(self, phones: Sequence[str], variables: Sequence[str], *, signature: str, context: str) -> list[Row]:
        """Send one text to up to 200 numbers and return a status for each. Raises one of the five failures.

        Not idempotent: after `Unknown` the messages may have left. `context` comes back in look-ups.
        """
        body: Row = {
            "PhoneNumberSet": list(phones),
            "SmsSdkAppId": self._account.sdk_app_id,
            "TemplateId": self._account.template_id,
            "SignName": signature,
            "TemplateParamSet": list(variables),
            "SessionContext": context[:500],
        }
        if self._account.extend_code:
            body["ExtendCode"] = self._account.extend_code
        return _rows(self._call("SendSms", body, repeatable=False), "SendStatusSet")

    def templates(self) -> list[Row]:
        """The channel's template as the vendor keeps it, with `StatusCode` and `TemplateContent`; empty for none."""
        body: Row = {
            "International": int(self._account.is_international),
            "TemplateIdSet": [int(self._account.template_id)],
        }
        return _rows(self._call("DescribeSmsTemplateList", body, repeatable=True), "DescribeTemplateStatusSet")

    def sent_to(self, phone: str, *, since: datetime) -> list[Row]:
        """What became of the messages to a number; the vendor remembers seven days."""
        answer = self._call("PullSmsSendStatusByPhoneNumber", self._window(phone, since), repeatable=True)
        return _rows(answer, "PullSmsSendStatusSet")

    def replies_from(self, phone: str, *, since: datetime) -> list[Row]:
        """What a number wrote back."""
        answer = self._call("PullSmsReplyStatusByPhoneNumber", self._window(phone, since), repeatable=True)
        return _rows(answer, "PullSmsReplyStatusSet")

    def _window(self, phone: str, since: datetime) -> Row:
        return {
            "SmsSdkAppId": self._account.sdk_app_id,
            "PhoneNumber": phone,
            "BeginTime": int(since.timestamp()),
            "EndTime": int(now().timestamp()),
            "Offset": 0,
            "Limit": 100,
        }

    def _call(self, action: str, fields: Row, *, repeatable: bool) -> Mapping[str, JsonValue]:
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        headers = tc3_headers(
            action=action,
            version=VERSION,
            region=self._account.region,
            host=HOST,
            body=body,
            at=now(),
            key_id=self._account.secret_id,
            secret=self._account.secret_key.get_secret_value(),
        )
        url = f"https://{HOST}/"
        answer = self._http.send("POST", url, headers=headers, content=body, repeatable=repeatable).json()
        told = answer.get("Response") if isinstance(answer, dict) else None
        if not isinstance(told, dict):
            raise Unknown("Tencent answered something that is no response")
        error = told.get("Error")
        if isinstance(error, dict):
            raise failure_of(str(error.get("Code", "")))
        return told


def _rows(answer: Mapping[str, JsonValue], name: str) -> list[Row]:
    rows = answer.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
