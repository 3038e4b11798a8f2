"""Fetching the orders that a lost webhook left out: one page of one shop a call, each shop from where it was left."""

import json
from collections.abc import Callable
from datetime import timedelta

from core.sdk import Event, HttpClient, Pulled, Refused, now
from plugins.offline_store.reading import Thing, moment_of, read_thing, text_of
from plugins.offline_store.settings import StoreSettings
from plugins.offline_store.shops import shopify, woo

FIRST_PAST = timedelta(days=30)
FORM = "%Y-%m-%dT%H:%M:%SZ"
OpenHttp = Callable[[], HttpClient]
Page = tuple[list[Thing], str]


def pull_page(cursor: str | None, settings: StoreSettings, open_http: OpenHttp) -> Pulled:
    """The next page. The cursor keeps, for each shop, the newest change seen, and which page comes next."""
    shops = _shops(settings)
    if not shops:
        return Pulled(cursor=cursor)
    place = _read_cursor(cursor)
    name = place.get("shop", "")
    if name not in shops:
        name, place["page"] = shops[0], ""
    since = place.get(name) or (now() - FIRST_PAST).strftime(FORM)
    with open_http() as http:
        things, page = _fetch(name, http, settings, since=since, page=place.get("page", ""))
    events: list[Event] = [event for thing in things for event in _read(name, thing)]
    place[f"{name}.seen"] = max([place.get(f"{name}.seen", ""), *(_changed(thing) for thing in things)])
    if page:
        return Pulled(events=tuple(events), cursor=json.dumps(place | {"shop": name, "page": page}), has_more=True)
    place[name] = place.pop(f"{name}.seen") or since
    after = shops[shops.index(name) + 1 :]
    place |= {"shop": after[0] if after else "", "page": ""}
    return Pulled(events=tuple(events), cursor=json.dumps(place), has_more=bool(after))


def _shops(settings: StoreSettings) -> list[str]:
    able = {
        "shopify": settings.shopify_domain and settings.shopify_token.get_secret_value(),
        "woo": settings.woo_site and settings.woo_key.get_secret_value(),
    }
    return [name for name, is_able in able.items() if is_able]


def _fetch(name: str, http: HttpClient, settings: StoreSettings, *, since: str, page: str) -> Page:
    if name == "shopify":
        return shopify.pull_shopify(http, settings, since=since, page=page)
    return woo.pull_woo(http, settings, since=since, page=page)


def _read(name: str, thing: Thing) -> list[Event]:
    return shopify.read_order(thing) if name == "shopify" else woo.read_order(thing)


def _changed(thing: Thing) -> str:
    gmt = text_of(thing, "date_modified_gmt")
    at = moment_of([thing.get("updated_at"), f"{gmt}+00:00" if gmt else None])
    return at.strftime(FORM) if at else ""


def _read_cursor(cursor: str | None) -> dict[str, str]:
    try:
        told = read_thing(cursor) if cursor else {}
    except Refused:
        return {}
    return {name: value for name, value in told.items() if isinstance(value, str)}
