"""A brand with touches and orders of known people, and its credits as the API tells them."""

from typing import Any

import numpy as np

from core.channels.service import channel_named_or_other
from core.db import writing
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.placements.service import create_placement
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.clients import RoleClient
from tests.core.lake.made_facts import add_people, at
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

NAMES = ("Search", "Cards", "Live")


def make_brand(tenant: Tenant, *, people: int = 30, touches: int = 200, seed: int = 1) -> list[tuple[str, float, str]]:
    """Random touches over three channels, the second with a placement; what was made, as (who, minute, channel)."""
    random = np.random.default_rng(seed)
    with writing(tenant.number) as session:
        made = [channel_named_or_other(session, name) for name in NAMES]
        placement = create_placement(session, channel=made[1], name=f"Cards {seed}", starts_at=at(0))
        contacts = add_people(session, people)
        who = random.integers(0, people, touches)
        minute = random.integers(0, 60 * 24 * 60, touches)
        channel = random.integers(0, 3, touches)
        touchpoints.record(
            session,
            [
                new_touch(
                    contacts[w],
                    at=at(int(m)),
                    channel_number=made[c].number,
                    placement_number=placement.number if c == 1 else None,
                )
                for w, m, c in zip(who, minute, channel, strict=True)
            ],
        )
        for w, m in list(zip(who, minute, strict=True))[::7]:
            amount = int(random.integers(1, 99_999))
            orders.record(session, [new_order(contacts[w], placed_at=at(int(m)), amount_minor=amount)])
        orders.record(session, [new_order(add_people(session, 1)[0], placed_at=at(9), amount_minor=1234)])
    return [(f"{w}", float(m), NAMES[c]) for w, m, c in zip(who, minute, channel, strict=True)]


def run_all_time(client: RoleClient, **options: Any) -> dict[str, Any]:
    """A run over all of the brand's time, made."""
    asked = client.post("/attribution/runs", json={"from": "2025-12-01", "to": "2026-06-01", **options})
    assert asked.status_code == 201, asked.json
    run_pending()
    answer: Any = client.get(f"/attribution/runs/{asked.json['id']}").json  # type: ignore[index]  # checked above
    made: dict[str, Any] = answer
    return made


def credits(client: RoleClient, run: dict[str, Any], **query: str) -> dict[str, Any]:
    """The credit table."""
    found = client.get("/attribution/credits", query_string={"run": run["id"], **query})
    assert found.status_code == 200, found.json
    table: dict[str, Any] = found.json  # type: ignore[assignment]  # a JSON object
    return table
