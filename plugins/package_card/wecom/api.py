"""Calls of WeCom's server API: one token for one round of calls, and its error codes as failures."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from core.sdk import BadSettings, HttpClient, Refused, Throttled, Unreachable
from core.sdk import vendor_json as told
from plugins.package_card.accounts import RewardAccounts

BASE = "https://qyapi.weixin.qq.com/cgi-bin/"
STALE = {"40014", "42001", "41001"}
ACCOUNT = {"40001", "40013", "40056", "48002", "60011", "60020", "60111", "41054", "84074", "301002"}
WAITS = {"45033": 1.0, "45009": 60.0}
FULL = "41044"
Fields = dict[str, JsonValue]


class WeComApi:
    """WeCom for one call of a verb. It gives the same token to everybody who asks within two hours."""

    def __init__(self, settings: RewardAccounts, http: HttpClient) -> None:
        self._settings, self._http = settings, http
        self._token = ""

    def sign_in(self) -> None:
        """Get a token. Raises `BadSettings` when corp id and secret do not fit, or this address is not allowed."""
        asked = {
            "corpid": self._settings.wecom_corp_id,
            "corpsecret": self._settings.wecom_secret.get_secret_value(),
        }
        self._token = told.text(self._read("GET", "gettoken", asked, b""), "access_token", limit=1_000)
        if not self._token:
            raise Refused("WeCom gave no access token")

    def ask(self, path: str, asked: Mapping[str, JsonValue]) -> Fields:
        """A question, or something that does no harm twice. A token that has run out is renewed once."""
        body = json.dumps(dict(asked), ensure_ascii=False).encode()
        return self._with_token("POST", path, {}, body)

    def look(self, path: str, params: Mapping[str, str]) -> Fields:
        """A question whose words stand in the address."""
        return self._with_token("GET", path, params, b"")

    def _with_token(self, method: str, path: str, params: Mapping[str, str], body: bytes) -> Fields:
        if not self._token:
            self.sign_in()
        try:
            return self._read(method, path, {**params, "access_token": self._token}, body)
        except StaleToken:
            self.sign_in()
            return self._read(method, path, {**params, "access_token": self._token}, body)

    def _read(self, method: str, path: str, params: Mapping[str, str], body: bytes) -> Fields:
        headers = {"content-type": "application/json"} if body else {}
        reply = self._http.send(method, BASE + path, repeatable=True, params=params, headers=headers, content=body)
        answer = told.inner(reply.json())
        code = told.text(answer, "errcode") or "0"
        if code != "0":
            _fail(code, told.text(answer, "errmsg", limit=200))
        return answer


class StaleToken(Unreachable):
    """The token has run out, or was taken back."""


def _fail(code: str, message: str) -> None:
    said = f"WeCom answered {code}: {message}"
    if code in STALE:
        raise StaleToken(said, code=code)
    if code in ACCOUNT:
        raise BadSettings(f"{said}. Check the corp id, the secret and what the app may do.", code=code)
    if code in WAITS:
        raise Throttled(said, code=code, retry_after=WAITS[code])
    if code == "-1":
        raise Unreachable(said, code=code)
    raise Refused(said, code=code)
