"""Which lists of which vendors a channel fetches, as its settings say, and trying the accounts before that."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from core.sdk import BadSettings, Event, HttpClient, Notice, Pulled, Text, now
from core.sdk.leads import lead_events
from core.sdk.signing.wechat_crypto import read_aes_key
from plugins.livestream.ocean import SPAN, fetch_clues
from plugins.livestream.pulling import Page, Source, pull_sources
from plugins.livestream.settings import LiveSettings
from plugins.livestream.wechat.api import WechatApi
from plugins.livestream.wechat.door import ORDER
from plugins.livestream.wechat.leads import fetch_leads
from plugins.livestream.wechat.orders import FIRST_LOOK, fetch_named, fetch_orders

OpenHttp = Callable[[], HttpClient]
A_MONTH = timedelta(days=30)
OFF = Text(
    zh="还没有填任何平台的账号：可以用短链、口播码、领取页和导入表格；要自动接收数据，请填至少一个平台。",
    en="No platform's account is filled in: links, spoken codes, the claim page and exports work; for data that comes "
    "by itself, fill in at least one platform.",
)
UNTRIED = Text(
    zh="抖音、快手和其他系统的回调密钥没有接口可以试：请在对方后台点一次“测试”。",
    en="Secrets of webhooks cannot be tried from here: press “test” once in the vendor's console.",
)
WORDLESS = Text(
    zh="接了评论推送，但没有口令：评论不会变成领取码。",
    en="Comments are pushed, but there is no keyword: none becomes a claim code.",
)


def fetch_page(cursor: str | None, settings: LiveSettings, open_http: OpenHttp) -> Pulled:
    """One page of every list that is filled in."""
    with open_http() as http:
        return pull_sources(list(_sources(settings, http)), cursor, at=now(), first_look=FIRST_LOOK)


def fetch_notices(notices: Sequence[Notice], settings: LiveSettings, open_http: OpenHttp) -> list[Event]:
    """The orders that pushes named, as long as WeChat's account is filled in."""
    named = [notice for notice in notices if notice.topic == ORDER]
    if not named or not settings.asks_wechat:
        return []
    with open_http() as http:
        api = WechatApi(settings, http)
        return fetch_named(api, named, app_id=settings.wechat_app_id, received_at=now())


def check_accounts(settings: LiveSettings, open_http: OpenHttp) -> tuple[Text, ...]:
    """Try what can be tried; `BadSettings` names what does not fit."""
    _check_wechat_push(settings)
    with open_http() as http:
        if settings.asks_wechat:
            WechatApi(settings, http).sign_in()
        for account in settings.ocean_accounts[:1] if _has_ocean(settings) else ():
            moment = now()
            fetch_clues(http, settings, account, start=moment - timedelta(minutes=5), end=moment, place="")
    return tuple(_remarks(settings))


def _sources(settings: LiveSettings, http: HttpClient) -> Iterator[Source]:
    if settings.asks_wechat:
        api = WechatApi(settings, http)
        yield Source("wechat_orders", _orders(api, settings), FIRST_LOOK)
        for component in settings.wechat_lead_components:
            yield Source(f"wechat_leads:{component}", _leads(api, component), A_MONTH)
    for account in settings.ocean_accounts if _has_ocean(settings) else ():
        yield Source(f"oceanengine:{account}", _clues(http, settings, account), SPAN)


def _orders(api: WechatApi, settings: LiveSettings) -> Callable[[datetime, datetime, str], Page]:
    def fetch(start: datetime, end: datetime, place: str) -> Page:
        page = fetch_orders(api, start=start, end=end, next_key=place, app_id=settings.wechat_app_id)
        return Page(page.events, page.next_key, page.has_more)

    return fetch


def _leads(api: WechatApi, component: str) -> Callable[[datetime, datetime, str], Page]:
    def fetch(start: datetime, end: datetime, place: str) -> Page:
        page = fetch_leads(api, component, start=start, end=end, buffer=place)
        return Page([event for form in page.forms for event in lead_events(form)], page.buffer, page.has_more)

    return fetch


def _clues(http: HttpClient, settings: LiveSettings, account: str) -> Callable[[datetime, datetime, str], Page]:
    def fetch(start: datetime, end: datetime, place: str) -> Page:
        return fetch_clues(http, settings, account, start=start, end=end, place=place)

    return fetch


def _has_ocean(settings: LiveSettings) -> bool:
    return bool(settings.ocean_token.get_secret_value())


def _check_wechat_push(settings: LiveSettings) -> None:
    token, key = settings.wechat_token.get_secret_value(), settings.wechat_aes_key.get_secret_value()
    if not token and not key:
        return
    if not token or not key or not settings.wechat_app_id:
        raise BadSettings("wechat_token, wechat_aes_key and wechat_app_id: the push needs all three")
    try:
        read_aes_key(key)
    except ValueError as error:
        raise BadSettings(f"wechat_aes_key: {error}") from None


def _remarks(settings: LiveSettings) -> Iterator[Text]:
    hooks = (settings.douyin_secret, settings.douyin_live_secret, settings.kuaishou_secret, settings.hook_secret)
    hears = any(secret.get_secret_value() for secret in hooks)
    if hears:
        yield UNTRIED
    elif not settings.asks_wechat and not _has_ocean(settings):
        yield OFF
    if settings.douyin_live_secret.get_secret_value() and not settings.claim_words:
        yield WORDLESS
