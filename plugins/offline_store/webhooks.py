"""One address for all systems: which of them called is plain from the headers, or from the body's shape."""

from core.sdk import Answer, Event, Refused, Request
from plugins.offline_store.reading import Thing, read_thing
from plugins.offline_store.settings import StoreSettings
from plugins.offline_store.shops import douyin, pos, shopify, woo, youzan


def answer_hook(request: Request, settings: StoreSettings) -> Answer:
    """Believe it only by the signature of the system that it claims to come from."""
    match system_of(request):
        case "shopify":
            return shopify.answer_shopify(request, settings)
        case "woo":
            return woo.answer_woo(request, settings)
        case "douyin":
            return douyin.answer_douyin(request, settings)
        case "youzan":
            return youzan.answer_youzan(read_thing(request.body), settings)
    return pos.answer_pos(request, settings)


def parse_hook(request: Request, settings: StoreSettings) -> list[Event]:
    """The facts in it."""
    match system_of(request):
        case "shopify":
            return shopify.parse_shopify(request)
        case "woo":
            return woo.parse_woo(request)
        case "douyin":
            return douyin.parse_douyin(request)
        case "youzan":
            return youzan.parse_youzan(request)
    return pos.parse_pos(request, settings)


def system_of(request: Request) -> str:
    """The name of the system that called; "pos" for any other."""
    headers = request.headers
    if shopify.SIGNATURE in headers:
        return "shopify"
    if woo.SIGNATURE in headers or woo.is_ping(request):
        return "woo"
    if douyin.SIGNATURE in headers or douyin.LIFE_SIGNATURE in headers:
        return "douyin"
    return "youzan" if youzan.is_youzan(_peek(request)) else "pos"


def _peek(request: Request) -> Thing:
    try:
        return read_thing(request.body)
    except Refused:
        return {}
