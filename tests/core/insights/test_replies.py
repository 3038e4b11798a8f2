"""Replies and opt-outs against a loop over the facts, and judged against the past."""

import math
from datetime import date, timedelta

import pytest

from core.consent import service as consent
from core.contacts import service as contacts
from core.db import writing
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.clients import RoleClient
from tests.core.insights.made_market import FIRST, WINDOW, Facts, ask, local_day, monday
from tests.factories.contacts import make_contacts, new_phone
from tests.factories.touchpoints import new_touch

MESSAGES = ("message_sent", "message_delivered")


def first_day(day: date, step: str) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


@pytest.mark.parametrize("step", ["day", "week", "month"])
def test_replies_equal_a_plain_count(market: Facts, shop: RoleClient, step: str) -> None:
    shown = ask(shop, "replies", step=step, **WINDOW)
    for row in shown["periods"]:
        mine = [t for t in market.touches if first_day(local_day(t.at), step).isoformat() == row["first_day"]]
        got = {t.contact for t in mine if t.kind in MESSAGES}
        said = {t.contact for t in mine if t.kind == "reply"}
        assert row["messages"] == sum(t.kind == "message_sent" for t in mine)
        assert row["replies"] == sum(t.kind == "reply" for t in mine)
        assert (row["messaged"], row["answered"]) == (len(got), len(got & said))
        assert row["reply_rate"] == (len(got & said) / len(got) if got else None)
        left = [at for at in market.opt_outs.values() if first_day(local_day(at), step).isoformat() == row["first_day"]]
        assert row["opt_outs"] == len(left)
    assert sum(row["messages"] for row in shown["periods"]) > 10
    assert shown["periods"][0]["first_day"] == first_day(date(2026, 1, 20), step).isoformat()


def test_period_is_judged_by_those_before(berlin: Tenant, shop: RoleClient) -> None:
    """Six weeks of 40 contacts; 20, 20, 20, 20 answer, then 4, then 20; two of the fifth week leave."""
    with writing(berlin.number) as session:
        people = make_contacts(session, [[new_phone()] for _ in range(40)], at=FIRST)
        told = []
        for week, answering in enumerate((20, 20, 20, 20, 4, 20)):
            at = FIRST + timedelta(days=6 + 7 * week)
            told += [new_touch(who, at=at, kind="message_sent") for who in people]
            told += [new_touch(who, at=at + timedelta(hours=1), kind="reply") for who in people[:answering]]
        touchpoints.record(session, told)
        for who in people[:2]:
            at = FIRST + timedelta(days=6 + 7 * 4, hours=2)
            consent.withdraw(session, who, medium="sms", source="opt_out", evidence="-", at=at)
    run_pending()
    rows = ask(shop, "replies", **{"from": "2026-01-05", "to": "2026-02-16"})["periods"]
    assert [row["reply"]["mark"] for row in rows] == ["no_past"] * 4 + ["low", "usual"]
    assert [row["opt_out"]["mark"] for row in rows] == ["no_past"] * 4 + ["high", "usual"]
    assert (rows[4]["reply"]["usual"], rows[4]["reply"]["past_size"]) == (0.5, 160)
    assert rows[4]["reply"]["low"] == pytest.approx(0.5 - 3 * math.sqrt(0.25 / 40))
    assert rows[5]["opt_out"]["usual"] == 2 / 200


def test_running_period_is_not_judged(market: Facts, shop: RoleClient) -> None:
    rows = ask(shop, "replies", **{"from": "2026-06-01", "to": "2026-06-20"})["periods"]
    assert [row["reply"]["mark"] in ("not_over", "no_past") for row in rows][-1]
    assert rows[-1]["first_day"] == monday(FIRST + timedelta(days=167)).isoformat()


def test_merged_contact_leaves_once(berlin: Tenant, shop: RoleClient) -> None:
    with writing(berlin.number) as session:
        one, two = make_contacts(session, [[new_phone()] for _ in range(2)], at=FIRST)
        for who, week in ((one, 1), (two, 2)):
            at = FIRST + timedelta(days=7 * week)
            touchpoints.record(session, [new_touch(who, at=at, kind="message_sent")])
            consent.withdraw(session, who, medium="sms", source="opt_out", evidence="-", at=at)
        contacts.merge(session, loser=two, into=one)
    run_pending()
    rows = ask(shop, "replies", **{"from": "2026-01-05", "to": "2026-01-19"})["periods"]
    assert [row["opt_outs"] for row in rows] == [1, 0]
