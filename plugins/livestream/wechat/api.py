"""Calls of WeChat's server API: one token for one round of calls, and its error codes as failures."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from core.sdk import BadSettings, HttpClient, Refused, Throttled, Unreachable
from core.sdk import vendor_json as told
from plugins.livestream.settings import LiveSettings

BASE = "https://api.weixin.qq.com"
BUSY, TOO_OFTEN = {"-1"}, {"45009", "45011"}
ACCOUNT = {"40001", "40013", "40125", "40164", "41002", "41004", "48001", "50002", "61004", "89503"}
Fields = dict[str, JsonValue]


class WechatApi:
    """WeChat for one pull or check. `stable_token` gives the same token to everybody who asks while it lives."""

    def __init__(self, settings: LiveSettings, http: HttpClient) -> None:
        self._settings, self._http = settings, http
        self._token = ""

    def sign_in(self) -> None:
        """Get a token. Raises `BadSettings` when app id and secret do not fit, or this address is not allowed."""
        asked = {
            "grant_type": "client_credential",
            "appid": self._settings.wechat_app_id,
            "secret": self._settings.wechat_secret.get_secret_value(),
        }
        self._token = told.text(self._post("/cgi-bin/stable_token", asked), "access_token")
        if not self._token:
            raise Refused("WeChat gave no access token")

    def ask(self, path: str, asked: Mapping[str, JsonValue]) -> Fields:
        """Call a query of the API."""
        if not self._token:
            self.sign_in()
        return self._post(path, asked, params={"access_token": self._token})

    def _post(self, path: str, asked: Mapping[str, JsonValue], *, params: Mapping[str, str] | None = None) -> Fields:
        reply = self._http.send(
            "POST",
            BASE + path,
            repeatable=True,
            params=params,
            headers={"content-type": "application/json"},
            content=json.dumps(dict(asked), ensure_ascii=False).encode(),
        )
        answer = told.inner(reply.json())
        code = told.text(answer, "errcode") or "0"
        if code != "0":
            _fail(code, told.text(answer, "errmsg", limit=200))
        return answer


def _fail(code: str, message: str) -> None:
    said = f"WeChat answered {code}: {message}"
    if code in ACCOUNT:
        raise BadSettings(f"{said}. Check app id, secret and the allowed addresses.", code=code)
    if code in TOO_OFTEN:
        raise Throttled(said, code=code, retry_after=60)
    if code in BUSY:
        raise Unreachable(said, code=code)
    raise Refused(said, code=code)
