"""Costs, RFM and waves against loops over the facts."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from core import clock
from tests.clients import RoleClient
from tests.core.insights.made_market import NOW, WINDOW, Facts, Sale, Touch, ask, inside, local_day

MEASURES = ("contacts", "touchpoints", "orders", "revenue", "cost", "cac", "cost_per_contact", "roas")


def money(minor: int) -> str:
    return f"{minor / 100:.2f}"


@pytest.mark.parametrize("by", ["channel", "placement", "day", "batch", "sku"])
def test_costs_agree_with_the_overview(market: Facts, shop: RoleClient, by: str) -> None:
    shown = ask(shop, "costs", by=by, **WINDOW)
    with clock.set_to(NOW):
        overview = shop.get("/overview", query_string=WINDOW).json
    assert overview is not None
    assert {name: shown["total"][name] for name in MEASURES} == {
        name: overview["tiles"][name]["value"] for name in MEASURES
    }
    for name in ("contacts", "touchpoints", "orders", "first_orders"):
        assert sum(row[name] for row in shown["rows"]) == shown["total"][name] > 0
    for name in ("revenue", "cost", "worth"):
        assert money(sum(round(float(row[name]) * 100) for row in shown["rows"])) == shown["total"][name]
    if by == "channel":
        by_channel = {row["name"]: row for row in overview["by_channel"]}
        assert [{name: row[name] for name in MEASURES} for row in shown["rows"]] == [
            {name: by_channel[row["name"]][name] for name in MEASURES} for row in shown["rows"]
        ]


@pytest.mark.parametrize("by", ["channel", "day"])
def test_ltv_equals_a_plain_count(market: Facts, shop: RoleClient, by: str) -> None:
    shown = ask(shop, "costs", by=by, **WINDOW)
    worth: dict[str, int] = defaultdict(int)
    people: dict[str, int] = Counter()
    for number, one in market.joiners().items():
        key = one.channel if by == "channel" else local_day(one.joined).isoformat()
        people[key] += 1
        worth[key] += sum(sale.value for sale in market.sales_of(number))
    for row in shown["rows"]:
        key = row["name"] if row["key"] else ""
        assert (row["contacts"], row["worth"]) == (people[key], money(worth[key]))
        assert row["ltv"] == (f"{worth[key] / people[key] / 100:.4f}" if people[key] else None)
    assert shown["total"]["worth"] == money(sum(worth.values())) != "0.00"


def test_batches_stand_for_their_placements(market: Facts, shop: RoleClient) -> None:
    placements = {row["name"]: row for row in ask(shop, "costs", by="placement", **WINDOW)["rows"]}
    batches = {row["key"]: row for row in ask(shop, "costs", by="batch", **WINDOW)["rows"]}
    skus = {row["key"]: row for row in ask(shop, "costs", by="sku", **WINDOW)["rows"]}
    assert (batches["B1"]["cost"], batches["B2"]["orders"]) == (placements["A"]["cost"], placements["B"]["orders"])
    assert skus["tea"]["touchpoints"] == placements["A"]["touchpoints"] + placements["B"]["touchpoints"]
    assert set(skus) == {"tea", ""}


def test_rfm_equals_a_plain_count(market: Facts, shop: RoleClient) -> None:
    shown = ask(shop, "rfm", **WINDOW)
    bought: dict[int, list[Sale]] = defaultdict(list)
    for sale in market.sales:
        if inside(sale.at):
            bought[sale.contact].append(sale)
    measures = {
        n: (max(clock.to_us(s.at) for s in some), len(some), sum(s.value for s in some)) for n, some in bought.items()
    }
    scores = {
        n: tuple(1 + 5 * sum(other[i] < mine[i] for other in measures.values()) // len(measures) for i in range(3))
        for n, mine in measures.items()
    }
    segments: dict[str, list[int]] = defaultdict(list)
    for number, (recency, frequency, monetary) in scores.items():
        segments[segment(recency, frequency, monetary)].append(number)
    assert shown["buyers"] == len(bought) > 20
    for row in shown["segments"]:
        mine = segments[row["key"]]
        assert (row["buyers"], row["orders"]) == (len(mine), sum(measures[n][1] for n in mine))
        assert row["revenue"] == money(sum(measures[n][2] for n in mine))
    cells = Counter((recency, frequency) for recency, frequency, _ in scores.values())
    assert {(one["recency"], one["frequency"]): one["buyers"] for one in shown["grid"]} == cells
    for row in shown["scores"]:
        place = ["recency", "frequency", "monetary"].index(row["measure"])
        assert row["buyers"] == sum(score[place] == row["score"] for score in scores.values())


def segment(recency: int, frequency: int, monetary: int) -> str:
    if recency <= 2:
        if frequency <= 2:
            return "hibernating"
        return "cannot_lose" if frequency >= 4 and monetary >= 4 else "at_risk"
    if frequency >= 3:
        return "champions" if min(recency, frequency, monetary) >= 4 else "loyal"
    return "new" if recency >= 4 else "promising"


def test_waves_equal_a_plain_count(market: Facts, shop: RoleClient) -> None:
    launch = date(2026, 3, 20)
    shown = ask(shop, "waves", launch=launch.isoformat(), ends="2,5,9,30,60")
    for row, (start, end) in zip(shown["waves"], [(0, 2), (2, 5), (5, 9), (9, 30), (30, 60)], strict=True):
        sold = [s for s in market.sales if start <= (local_day(s.at) - launch).days < end]
        assert row["from_day"] == (launch + timedelta(days=start)).isoformat()
        assert (row["orders"], row["buyers"]) == (len(sold), len({s.contact for s in sold}))
        assert row["first_orders"] == sum(market.sales_of(s.contact)[0] == s for s in sold)
        assert row["revenue"] == money(sum(s.value for s in sold))
        assert {one["day"]: one["orders"] for one in row["days"]} == Counter(
            (local_day(s.at) - launch).days for s in sold
        )
        touched = Counter(
            (one.kind, one.channel) if one else ("", "") for s in sold if (one := last_touch(market, s)) or True
        )
        assert {(one["kind"], one["channel"]): one["orders"] for one in row["triggers"]} == touched
    assert sum(row["orders"] for row in shown["waves"]) > 20


def last_touch(facts: Facts, sale: Sale) -> Touch | None:
    before = [other.at for other in facts.sales_of(sale.contact) if other.at < sale.at]
    able = [
        touch
        for touch in facts.touches
        if touch.contact == sale.contact
        and sale.at - timedelta(days=90) <= touch.at <= sale.at
        and (not before or touch.at > max(before))
        and touch.kind not in ("message_sent", "message_delivered")
    ]
    return able[-1] if able else None
