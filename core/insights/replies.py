"""Do people still answer, and do they leave? Each period against the brand's own periods before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.attribution.days import EPOCH, local_days
from core.consent.models import ConsentEntry
from core.contacts.models import Contact
from core.insights.answer_counts import STEPS, AnswerCounts
from core.insights.control import PAST, Judged, Sample, judge_events, judge_share
from core.insights.days import QUARTER_US, Period, Step, start_of, step_of, steps_of, today
from core.insights.models import InsightCube


@dataclass(frozen=True, slots=True)
class Answers:
    """One period, from its first day. messages: sent; messaged: contacts who got one; answered: those of them who
    replied in the same period; opt_outs: contacts whose first opt-out lies in it."""

    first_day: date
    messages: int
    replies: int
    messaged: int
    answered: int
    opt_outs: int
    reply: Judged
    opt_out: Judged


Counts = tuple[int, int, int, int]
"""Messages, replies, contacts who got one, those of them who replied."""
NONE: Counts = (0, 0, 0, 0)


def make_answers(session: Session, period: Period, *, step: Step = "week") -> list[Answers]:
    """The steps that the period touches, each judged by the twelve before it; none if nobody was written to."""
    first, last = step_of(period.from_day, step), step_of(period.to_day - timedelta(days=1), step)
    start = max(first - PAST, step_of(EPOCH, step) + 1)
    whole = Period(start_of(start, step), start_of(last + 1, step), period.zone)
    counts = _count_messages(session, step)
    if not any(counts.get(number, NONE)[2] for number in range(start, last + 1)):
        return []
    left = _count_opt_outs(session, whole, step)
    now = today(period.zone)
    over = {number: start_of(number + 1, step) <= now for number in range(start, last + 1)}
    replies = [Sample(counts.get(n, NONE)[3], counts.get(n, NONE)[2], over[n]) for n in over]
    leaving = [Sample(left.get(n, 0), counts.get(n, NONE)[2], over[n]) for n in over]
    return [
        Answers(
            start_of(number, step),
            *counts.get(number, NONE),
            left.get(number, 0),
            judge_share(replies[number - start], replies[max(number - PAST - start, 0) : number - start]),
            judge_events(leaving[number - start], leaving[max(number - PAST - start, 0) : number - start]),
        )
        for number in range(first, last + 1)
    ]


def _count_messages(session: Session, step: Step) -> dict[int, Counts]:
    packed = session.scalar(sa.select(InsightCube.answers))
    if packed is None:
        return {}
    told = AnswerCounts.from_bytes(packed)
    mine = told.step == STEPS.index(step)
    columns = (told.number, told.messages, told.replies, told.messaged, told.answered)
    return {number: tuple(counts) for number, *counts in zip(*(c[mine].tolist() for c in columns), strict=True)}


def _count_opt_outs(session: Session, whole: Period, step: Step) -> dict[int, int]:
    """Contacts by the step of their first opt-out, of whatever purpose and medium."""
    at = sa.func.min(sa.type_coerce(ConsentEntry.at, sa.BigInteger))
    firsts = (
        sa.select(at.label("at"))
        .join(Contact, Contact.number == ConsentEntry.contact_number)
        .where(ConsentEntry.granted.is_(False))
        .group_by(sa.func.coalesce(Contact.merged_into, Contact.number))
        .having(at >= whole.start_us, at < whole.end_us)
        .subquery()
    )
    quarter = firsts.c.at.op("/")(sa.literal(QUARTER_US, sa.BigInteger))
    rows = session.execute(sa.select(quarter, sa.func.count()).group_by(quarter)).all()
    found = np.array(rows, np.int64).reshape(-1, 2)
    number = steps_of(local_days(found[:, 0] * QUARTER_US, zone=whole.zone), step)
    left: dict[int, int] = defaultdict(int)
    for one, count in zip(number.tolist(), found[:, 1].tolist(), strict=True):
        left[one] += count
    return left
