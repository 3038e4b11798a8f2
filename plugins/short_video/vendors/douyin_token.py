"""Douyin's access token: the one in the settings, and once it has ended a new one for as long as a run lasts.

A plugin cannot write settings, so the new token is not kept: the next run asks for one again, which Douyin allows until
the refresh token ends.
"""

from urllib.parse import urlencode

from core.sdk import BadSettings, HttpClient
from core.sdk import vendor_json as told
from plugins.short_video.settings import VideoSettings

URL = "https://open.douyin.com/oauth/refresh_token/"
FORM = {"content-type": "application/x-www-form-urlencoded"}
ENDED = {"28001003", "28001008"}


class DouyinToken:
    """`value` is what requests are sent with."""

    def __init__(self, http: HttpClient, settings: VideoSettings) -> None:
        self._http = http
        self._client_key = settings.douyin_client_key
        self._refresh_token = settings.douyin_refresh_token.get_secret_value()
        self.value = settings.douyin_token.get_secret_value()

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
