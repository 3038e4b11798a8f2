"""A Douyin account's access token: the one in the settings, and once it has ended a new one for as long as a run lasts.

A plugin cannot write settings, so the new token is not kept: the next run asks for one again, which Douyin allows until
the refresh token ends.
"""

from urllib.parse import urlencode

from core.sdk import vendor_json as told
from core.sdk.failures import BadSettings
from core.sdk.http import HttpClient

URL = "https://open.douyin.com/oauth/refresh_token/"
FORM = {"content-type": "application/x-www-form-urlencoded"}
ENDED = {"28001003", "28001008"}
"""What Douyin answers, as `error_code`, when the token that a request was sent with has ended."""


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
