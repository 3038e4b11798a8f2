"""Which vendors are asked, as the settings say: leads on a schedule, figures of videos, and trying the accounts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from core.sdk import Event, HttpClient, Notice, Placement, Pulled, Text, now
from core.sdk.pulling import PullSource, SourcePage, pull_from
from plugins.short_video.settings import VideoSettings
from plugins.short_video.vendors import douyin, meta, oceanengine

OpenHttp = Callable[[], HttpClient]
OFF = Text(
    zh="还没有填任何平台的账号：短链和导入表格可以用；要自动接收线索和数据，请填至少一个平台。",
    en="No platform's account is filled in: links and exports work; for leads and figures that come by themselves, "
    "fill in at least one.",
)
UNTRIED = Text(
    zh="推送的密钥没有接口可以试：请在对方后台发一条测试线索。",
    en="Secrets of pushes cannot be tried from here: send a test lead from the vendor's console.",
)


def pull_leads(cursor: str | None, settings: VideoSettings, open_http: OpenHttp) -> Pulled:
    """One page of every list that is filled in."""
    with open_http() as http:
        sources = list(_sources(http, settings))
        return pull_from(sources, cursor, at=now()) if sources else Pulled(cursor=cursor)


def fetch_notices(notices: Sequence[Notice], settings: VideoSettings, open_http: OpenHttp) -> list[Event]:
    """The leads that Meta's webhook named."""
    with open_http() as http:
        return meta.fetch_announced(http, settings, [one for one in notices if one.topic == meta.TOPIC])


def measure(placements: Sequence[Placement], settings: VideoSettings, open_http: OpenHttp) -> list[Event]:
    """What platforms count of these videos."""
    if not settings.douyin_token.get_secret_value() or not settings.douyin_open_id:
        return []
    with open_http() as http:
        return douyin.measure_videos(http, settings, placements)


def check_accounts(settings: VideoSettings, open_http: OpenHttp) -> tuple[Text, ...]:
    """Try what can be tried; `BadSettings` names what does not fit."""
    with open_http() as http:
        sources = list(_sources(http, settings))
        at = now()
        for source in sources:
            source.ask(at - timedelta(minutes=5), at, "")
        has_douyin = bool(settings.douyin_token.get_secret_value() and settings.douyin_open_id)
        if has_douyin:
            douyin.try_token(http, settings)
    pushed = (settings.red_token, settings.meta_app_secret, settings.tiktok_secret, settings.google_key)
    hears = any(secret.get_secret_value() for secret in (*pushed, settings.feiyu_token, settings.hook_secret))
    if hears:
        return (UNTRIED,)
    return () if sources or has_douyin else (OFF,)


def _sources(http: HttpClient, settings: VideoSettings) -> Iterator[PullSource]:
    if settings.ocean_token.get_secret_value():
        for account in settings.ocean_advertisers:
            yield PullSource(f"oceanengine:{account}", _clues(http, settings, account, is_local=False))
        for account in settings.ocean_local_accounts:
            yield PullSource(f"oceanengine_local:{account}", _clues(http, settings, account, is_local=True))
    if settings.meta_page_token.get_secret_value():
        for form_id in settings.meta_form_ids:
            yield PullSource(f"meta:{form_id}", _form(http, settings, form_id), timedelta(days=90))


def _clues(
    http: HttpClient, settings: VideoSettings, account: str, *, is_local: bool
) -> Callable[[datetime, datetime, str], SourcePage]:
    def ask(start: datetime, end: datetime, place: str) -> SourcePage:
        return oceanengine.fetch_leads(http, settings, account, is_local=is_local, start=start, end=end, place=place)

    return ask


def _form(http: HttpClient, settings: VideoSettings, form_id: str) -> Callable[[datetime, datetime, str], SourcePage]:
    def ask(start: datetime, end: datetime, place: str) -> SourcePage:
        return meta.fetch_form(http, settings, form_id, start=start, end=end, place=place)

    return ask
