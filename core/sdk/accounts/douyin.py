"""Douyin's access tokens, of an account and of an app. An account's is the one in the settings, and once it has ended a
new one for as long as a run lasts.

A plugin cannot write settings, so the new token is not kept: the next run asks for one again, which Douyin allows until
the refresh token ends.
"""

import json
from urllib.parse import urlencode

from core.sdk import vendor_json as told
from core.sdk.failures import BadSettings
from core.sdk.http import HttpClient

URL = "https://open.douyin.com/oauth/refresh_token/"
FORM = {"content-type": "application/x-www-form-urlencoded"}
ENDED = {"28001003", "28001008"}
"""What Douyin answers, as `error_code`, when the token that a request was sent with has ended."""
APP_URL = "https://developer.toutiao.com/api/apps/v2/token"
APP_TOKEN_ENDED = "40022"
"""The same of an app's token, as `err_no`."""


class DouyinToken:
    """`value` is what requests are sent with. One object a run of a verb."""

    def __init__(self, http: HttpClient, *, token: str, client_key: str, refresh_token: str) -> None:
        """All as the operator entered them; `client_key` or `refresh_token` may be empty: then nothing is renewed."""
        self._http, self._client_key, self._refresh_token = http, client_key, refresh_token
        self.value = token

    def renew(self) -> bool:
        """Whether there is a new one to try with: once a run, where the settings tell how. Raises `BadSettings`."""
        if not (self._client_key and self._refresh_token):
            return False
        asked = {"client_key": self._client_key, "grant_type": "refresh_token", "refresh_token": self._refresh_token}
        self._refresh_token = ""  # a new token that is refused, too, is not renewed again
        answer = self._http.send("POST", URL, repeatable=True, headers=FORM, content=urlencode(asked).encode())
        data = told.inner(answer.json(), "data")
        self.value = told.text(data, "access_token", limit=500)
        if not self.value:
            code, reason = told.text(data, "error_code", limit=20), told.text(data, "description", limit=200)
            raise BadSettings(f"douyin_refresh_token: Douyin answered {code}: {reason}. Grant access again.", code=code)
        return True


class DouyinAppToken:
    """The token of an app (not of a person's account), which its id and secret get at any time. One object a run."""

    def __init__(self, http: HttpClient, *, app_id: str, app_secret: str) -> None:
        """As the operator entered them."""
        self._http, self._asked = http, {"appid": app_id, "secret": app_secret, "grant_type": "client_credential"}
        self._value = ""

    @property
    def value(self) -> str:
        """What requests are sent with. Raises `BadSettings` where id and secret do not fit."""
        if not self._value:
            self.renew()
        return self._value

    def renew(self) -> None:
        """Get another one. Raises `BadSettings` where id and secret do not fit."""
        headers = {"content-type": "application/json"}
        content = json.dumps(self._asked).encode()
        answer = told.inner(self._http.send("POST", APP_URL, repeatable=True, headers=headers, content=content).json())
        self._value = told.text(told.inner(answer, "data"), "access_token", limit=500)
        if not self._value:
            code, why = told.text(answer, "err_no", limit=20), told.text(answer, "err_tips", limit=200)
            raise BadSettings(f"douyin_app_secret: Douyin answered {code}: {why}. Check app id and secret.", code=code)
