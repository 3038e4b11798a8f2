"""Trying the settings: each section that is filled in is complete, and each shop that can be asked answers."""

from collections.abc import Callable

from core.sdk import BadSettings, HttpClient, Text
from plugins.offline_store.settings import StoreSettings
from plugins.offline_store.shops.shopify import check_shopify
from plugins.offline_store.shops.woo import check_woo

OpenHttp = Callable[[], HttpClient]
SHORTEST_SECRET = 8
NOTHING = Text(
    zh="还没有接任何订单来源：码和海报可以用，订单可以用文件导入。",
    en="No source of orders is connected yet: codes and posters work, and orders can be imported from files.",
)


def check_settings(settings: StoreSettings, open_http: OpenHttp) -> tuple[Text, ...]:
    """Remarks for the operator. Raises `BadSettings` naming the field."""
    _need(settings)
    remarks = []
    with open_http() as http:
        if settings.shopify_domain and settings.shopify_token.get_secret_value():
            remarks.append(check_shopify(http, settings))
        if settings.woo_site and settings.woo_key.get_secret_value():
            remarks.append(check_woo(http, settings))
    heard = {name: bool(value) for name, value in _secrets(settings).items()}
    if not any(heard.values()) and not remarks:
        return (NOTHING,)
    listening = ", ".join(name for name, is_set in heard.items() if is_set)
    if listening:
        remarks.append(Text(zh=f"会接收这些系统的推送：{listening}。", en=f"Webhooks are taken from: {listening}."))
    return tuple(remarks)


def _need(settings: StoreSettings) -> None:
    needs = (
        (settings.shopify_token.get_secret_value(), settings.shopify_domain, "shopify_domain"),
        (settings.woo_key.get_secret_value(), settings.woo_site, "woo_site"),
        (settings.woo_key.get_secret_value(), settings.woo_key_secret.get_secret_value(), "woo_key_secret"),
        (settings.youzan_client_secret.get_secret_value(), settings.youzan_client_id, "youzan_client_id"),
    )
    for first, second, field in needs:
        if first and not second:
            raise BadSettings(f"{field}: is empty, but its neighbour is set")
    for name, secret in _secrets(settings).items():
        if secret and len(secret) < SHORTEST_SECRET:
            raise BadSettings(f"{name}: the secret is too short; copy it from the vendor's console")


def _secrets(settings: StoreSettings) -> dict[str, str]:
    return {
        "Shopify": settings.shopify_secret.get_secret_value(),
        "WooCommerce": settings.woo_secret.get_secret_value(),
        "Youzan": settings.youzan_client_secret.get_secret_value(),
        "Douyin": settings.douyin_client_secret.get_secret_value(),
        "POS": settings.pos_secret.get_secret_value(),
    }
