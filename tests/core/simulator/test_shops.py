"""Simulated shops are believed by the stores' channel, forged callbacks are not, and wrong keys open nothing."""

import pytest
from flask_openapi3 import OpenAPI
from pydantic import JsonValue

from core.channels.service import channel_by_number, issue_hook
from core.db import writing
from core.sdk import BadSettings
from core.simulator.day import Person, live_a_day
from core.simulator.moods import Moods
from core.simulator.shops import ShopVendor
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from plugins.offline_store.plugin import StoreChannel
from plugins.offline_store.settings import StoreSettings
from tests.factories.stores import make_stores
from tests.simulators import Postbox
from tests.simulators import simulator as simulator

SHOPS = ("shopify", "woocommerce", "youzan", "douyin_life", "till")
ON_SQLITE = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def shop_of(simulator: Simulator, key: str) -> ShopVendor:
    vendor = simulator.vendors[key]
    assert isinstance(vendor, ShopVendor)
    return vendor


@pytest.mark.parametrize("key", SHOPS)
@ON_SQLITE
def test_forged_callbacks_are_refused(app: OpenAPI, tenant: Tenant, simulator: Simulator, key: str) -> None:
    shop = shop_of(simulator, key)
    form: dict[str, JsonValue] = dict(shop.account)
    channel = make_stores(tenant, form)
    with writing(tenant.number) as session:
        shop.hooks[""] = f"http://127.0.0.1/hooks/{issue_hook(session, channel_by_number(session, channel.number))}"
    simulator.queue.post = Postbox(app)
    simulator.moods[key] = Moods(wrong=1.0)
    shop.sell(Person("", "+8613900000001"), cents=9_900)
    simulator.flush()
    simulator.queue.advance(60)
    assert (simulator.queue.counts.taken, simulator.queue.counts.refused) == (1, 1)


def test_check_opens_both_shops(simulator: Simulator) -> None:
    form = {**shop_of(simulator, "shopify").account, **shop_of(simulator, "woocommerce").account}
    remarks = StoreChannel().check(StoreSettings.model_validate(form))
    assert [remark.en.partition(":")[0] for remark in remarks] == ["Shopify", "WooCommerce", "Webhooks are taken from"]


@pytest.mark.parametrize(
    ("key", "field", "named"),
    [("shopify", "shopify_token", "shopify_token"), ("woocommerce", "woo_key_secret", "woo_key")],
)
def test_wrong_keys_are_named(simulator: Simulator, key: str, field: str, named: str) -> None:
    form = {**shop_of(simulator, key).account, field: "wrong-5105105105"}
    with pytest.raises(BadSettings, match=named):
        StoreChannel().check(StoreSettings.model_validate(form))


def test_pull_goes_page_by_page(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.offline_store.shops.shopify.PAGE", 2)
    shop = shop_of(simulator, "shopify")
    for number in range(5):
        shop.sell(Person("", f"+861390000000{number}"), cents=100)
    cursor, orders, pages = None, 0, 0
    while True:
        page = StoreChannel().pull(cursor, StoreSettings.model_validate(dict(shop.account)))
        cursor, orders, pages = page.cursor, orders + len(page.events), pages + 1
        if not page.has_more:
            break
    assert (orders, pages) == (5, 3)


def test_day_without_listeners_is_quiet(simulator: Simulator) -> None:
    live_a_day(simulator, seed=1)
    assert not [one for key in SHOPS for one in shop_of(simulator, key).bought]


def test_shops_remember_over_a_restart(simulator: Simulator) -> None:
    shop = shop_of(simulator, "till")
    sold = shop.sell(Person("", "+8613900000001"), cents=9_900)
    kept = shop.remember()
    shop.forget()
    shop.recall(kept)
    assert shop.bought == {sold.number: sold}
