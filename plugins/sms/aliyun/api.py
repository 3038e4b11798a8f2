"""The four calls of Aliyun SMS (Dysmsapi 2017-05-25) that we make."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from core.sdk import HttpClient, Unknown, now
from core.sdk.signing.aliyun import acs3_headers, canonical_query
from plugins.sms.aliyun.account import AliyunAccount
from plugins.sms.aliyun.codes import failure_of

VERSION = "2017-05-25"
Answer = dict[str, JsonValue]


class AliyunApi:
    """A signed session for one verb call; `http` is open."""

    def __init__(self, http: HttpClient, account: AliyunAccount) -> None:
        self._http = http
        self._account = account

    def send_batch(
        self, phones: Sequence[str], signatures: Sequence[str], variables: Sequence[Mapping[str, str]], *, out_id: str
    ) -> str:
        """Send one template to up to 100 numbers and return the BizId. Raises one of the five failures.

        Not idempotent: after `Unknown` the messages may have left.
        """
        form = {
            "PhoneNumberJson": _json(phones),
            "SignNameJson": _json(signatures),
            "TemplateParamJson": _json([dict(each) for each in variables]),
        }
        if self._account.extend_code:
            form["SmsUpExtendCodeJson"] = _json([self._account.extend_code] * len(phones))
        query = {"TemplateCode": self._account.template_code} | ({"OutId": out_id} if out_id else {})
        answer = self._call("SendBatchSms", query, form, repeatable=False)
        biz_id = answer.get("BizId")
        if not isinstance(biz_id, str) or not biz_id:
            raise Unknown("Aliyun said OK without a BizId", code="OK")
        return biz_id

    def template_of(self) -> tuple[str, str]:
        """Review state (0 waiting, 1 approved, 2 refused, 10 withdrawn) and text of the channel's template."""
        answer = self._call("GetSmsTemplate", {"TemplateCode": self._account.template_code}, {}, repeatable=True)
        return str(answer.get("TemplateStatus", "")), str(answer.get("TemplateContent", ""))

    def sent_to(self, phone: str, *, day: datetime, biz_id: str | None) -> list[Answer]:
        """What was sent to one number on a day (UTC+8), newest first, at most 50."""
        query = {"PhoneNumber": phone, "SendDate": day.strftime("%Y%m%d"), "PageSize": "50", "CurrentPage": "1"}
        answer = self._call("QuerySendDetails", query | ({"BizId": biz_id} if biz_id else {}), {}, repeatable=True)
        details = answer.get("SmsSendDetailDTOs")
        rows = details.get("SmsSendDetailDTO") if isinstance(details, dict) else None
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def _call(self, action: str, query: Mapping[str, str], form: Mapping[str, str], *, repeatable: bool) -> Answer:
        host, body = self._account.endpoint, canonical_query(form).encode()
        headers = acs3_headers(
            action=action,
            version=VERSION,
            host=host,
            query=query,
            body=body,
            at=now(),
            nonce=secrets.token_hex(16),
            key_id=self._account.access_key_id,
            secret=self._account.access_key_secret.get_secret_value(),
        )
        url = f"https://{host}/?{canonical_query(query)}"
        answer = self._http.send("POST", url, headers=headers, content=body, repeatable=repeatable).json()
        if not isinstance(answer, dict):
            raise Unknown("Aliyun answered something that is no object")
        if answer.get("Code") != "OK":
            raise failure_of(str(answer.get("Code", "")), str(answer.get("Message", "")))
        return answer


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
