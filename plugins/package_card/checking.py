"""Trying the accounts before they are saved: one harmless question each."""

from collections.abc import Iterator

from core.sdk import BadSettings, HttpClient, Text
from core.sdk.signing.wechat_crypto import read_aes_key
from core.sdk.signing.wechat_pay import open_public_key
from plugins.package_card.settings import CardSettings
from plugins.package_card.wechat.api import GONE, call_pay, failure_of
from plugins.package_card.wechat.transfers import BILLS
from plugins.package_card.wecom.api import WeComApi

NO_MONEY = Text(
    zh="没有填微信支付：卡片照常可用，奖励可以用优惠券。",
    en="WeChat Pay is not filled in: cards work, and rewards may be coupons.",
)
NO_NOTICE = Text(
    zh="没有填通知地址：红包的结果会去查，晚一两分钟。",
    en="There is no notice address: how transfers end is asked for, a minute or two later.",
)
NO_SECRET = Text(
    zh="没有填 AppSecret：openid 要由你的小程序通过接口传来。",
    en="There is no app secret: your own mini-program has to tell the open id over the API.",
)
NOBODY = "SIYUCHECK00000000000000000000000"


def check_accounts(settings: CardSettings, http: HttpClient) -> tuple[Text, ...]:
    """Raises `BadSettings` that names the field, or `Unreachable`."""
    return tuple(_check(settings, http))


def _check(settings: CardSettings, http: HttpClient) -> Iterator[Text]:
    if settings.joins:
        _check_wecom(settings, http)
    yield from _check_pay(settings, http)


def _check_wecom(settings: CardSettings, http: HttpClient) -> None:
    who = settings.wecom_staff if settings.wecom_join == "staff" else settings.wecom_chats
    if not who:
        field = "wecom_staff" if settings.wecom_join == "staff" else "wecom_chats"
        raise BadSettings(f"{field}: name at least one")
    if not settings.wecom_token.get_secret_value():
        raise BadSettings("wecom_token: without callbacks nobody knows who came")
    try:
        read_aes_key(settings.wecom_aes_key.get_secret_value())
    except ValueError as error:
        raise BadSettings(f"wecom_aes_key: {error}") from None
    WeComApi(settings, http).sign_in()


def _check_pay(settings: CardSettings, http: HttpClient) -> Iterator[Text]:
    if not settings.pays:
        yield NO_MONEY
        return
    if len(settings.pay_api_key.get_secret_value().encode()) != 32:
        raise BadSettings("pay_api_key: the APIv3 key has 32 characters")
    try:
        open_public_key(settings.pay_public_key)
    except ValueError:
        raise BadSettings("pay_public_key: paste the whole PEM file of WeChat Pay's public key") from None
    said = call_pay(http, settings, "GET", f"{BILLS}/out-bill-no/{NOBODY}", body=None, asks=True)
    if said.status >= 300 and said.code not in GONE:
        raise failure_of(said)
    if not settings.pay_notify_url:
        yield NO_NOTICE
    if not settings.pay_app_secret.get_secret_value():
        yield NO_SECRET
