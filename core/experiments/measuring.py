"""What both arms bought: people whose window has passed, their orders inside it, summed in the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.models import Contact
from core.experiments.lift import Arm
from core.experiments.models import HELD_OUT, TREATED, Assignment, Experiment
from core.orders.models import Order


@dataclass(frozen=True, slots=True)
class Measured:
    """Values in minor units. unripe: people whose window is open; mixed: merged people of both arms, left out;
    first, last: when the first and the last person were drawn."""

    treated: Arm
    held_out: Arm
    unripe: int
    mixed: int
    first: datetime | None
    last: datetime | None


def measure(session: Session, experiment: Experiment) -> Measured:
    """The arms as of now. A person counts from the first draw on; an order does when it was placed later than that,
    within the window, and not cancelled; refunds lower its value."""
    ripe_before = clock.now() - timedelta(days=experiment.window_days)
    people = _people(experiment)
    state = sa.case(
        (people.c.lowest != people.c.highest, "mixed"), (people.c.at > clock.to_us(ripe_before), "unripe"),
        else_=people.c.lowest,
    )  # fmt: skip
    columns = (state, sa.func.count(), sa.func.min(people.c.at), sa.func.max(people.c.at))
    states = session.execute(sa.select(*columns).group_by(state)).all()
    counts: dict[str, int] = {name: count for name, count, _, _ in states}
    bought = {arm: rest for arm, *rest in session.execute(_sums(people, experiment, ripe_before))}

    def arm(name: str) -> Arm:
        converted, value, squares = bought.get(name, (0, 0, 0.0))
        return Arm(counts.get(name, 0), converted, float(value), float(squares))

    return Measured(
        treated=arm(TREATED),
        held_out=arm(HELD_OUT),
        unripe=counts.get("unripe", 0),
        mixed=counts.get("mixed", 0),
        first=clock.from_us(min(at for _, _, at, _ in states)) if states else None,
        last=clock.from_us(max(at for _, _, _, at in states)) if states else None,
    )


def _people(experiment: Experiment) -> sa.Subquery:
    """`person, at, lowest, highest`: everybody drawn, merges resolved; two arms differ where both were drawn."""
    root = sa.func.coalesce(Contact.merged_into, Contact.number).label("person")
    at = sa.func.min(sa.type_coerce(Assignment.at, sa.BigInteger)).label("at")
    arms = sa.func.min(Assignment.arm).label("lowest"), sa.func.max(Assignment.arm).label("highest")
    query = sa.select(root, at, *arms).join(Contact, Contact.number == Assignment.contact_number)
    return query.where(Assignment.experiment_id == experiment.id).group_by(root).subquery()


def _sums(people: sa.Subquery, experiment: Experiment, ripe_before: datetime) -> sa.Select[Any]:
    """`arm, buyers, value, squares` over the people who bought."""
    ripe = sa.select(people.c.person, people.c.at, people.c.lowest.label("arm")).where(
        people.c.lowest == people.c.highest, people.c.at <= clock.to_us(ripe_before)
    )
    ripe_people = ripe.cte("ripe")
    # Each person's parts are looked up by index; a join on coalesce() would read all contacts.
    parts = sa.union_all(
        sa.select(ripe_people, ripe_people.c.person.label("number")),
        sa.select(ripe_people, Contact.number).join(Contact, Contact.merged_into == ripe_people.c.person),
    ).subquery()
    placed = sa.type_coerce(Order.placed_at, sa.BigInteger)
    window_us = experiment.window_days * 86_400_000_000
    net = sa.func.sum(Order.amount_minor - Order.refunded_minor).label("net")
    buyers = (
        sa.select(parts.c.arm, parts.c.person, net)
        .join(Order, Order.contact_number == parts.c.number)
        .where(Order.state != "cancelled", placed > parts.c.at, placed <= parts.c.at + window_us)
        .group_by(parts.c.arm, parts.c.person)
        .subquery()
    )
    value = sa.cast(buyers.c.net, sa.Float(53))
    return sa.select(buyers.c.arm, sa.func.count(), sa.func.sum(value), sa.func.sum(value * value)).group_by(
        buyers.c.arm
    )
