"""Reply and opt-out rates over HTTP."""

from dataclasses import asdict
from datetime import date

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from core.db import reading
from core.errors import FieldError, Invalid
from core.insights.control import LEAST_NOW, LEAST_PAST, LEAST_PERIODS, PAST, SIGMAS, Mark
from core.insights.days import Step, step_of
from core.insights.replies import make_answers
from core.insights.windows import Answer, WindowQuery, lake_time
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("insight_messages", __name__, url_prefix="/v1/tenants/<tenant>/insights")

MOST_STEPS = 400


class AnswersQuery(WindowQuery):
    """step: how long each period is, on the brand's calendar; weeks begin on Monday."""

    step: Step = "week"

    def checked(self) -> tuple[date, date]:
        """Both days.

        Raises:
            Invalid: a bad window, or one of too many steps.
        """
        window = super().checked()
        if step_of(self.to_day, self.step) - step_of(self.from_day, self.step) > MOST_STEPS:
            told = f"Ask for at most {MOST_STEPS} steps, or choose a longer step."
            raise Invalid(fields=[FieldError("step", "too_many", told)])
        return window


class JudgedShown(BaseModel):
    """The rate of the past and the limits for this many contacts; past_size: contacts in the past periods."""

    mark: Mark
    usual: float | None
    low: float | None
    high: float | None
    past_size: int


class AnswersShown(BaseModel):
    """One period from its first day; rates are of the contacts who were written to in it."""

    first_day: date
    messages: int
    replies: int
    messaged: int
    answered: int
    opt_outs: int
    reply_rate: float | None
    opt_out_rate: float | None
    reply: JudgedShown
    opt_out: JudgedShown


class ChartRule(BaseModel):
    """How a period is judged: limits in standard deviations, periods looked back on, and the least samples."""

    sigmas: float
    past: int
    least_periods: int
    least_past: int
    least_now: int


class RepliesShown(Answer):
    """Periods in their order."""

    step: Step
    rule: ChartRule
    periods: list[AnswersShown]


@api.get("/replies")
@needs("insights:read")
def get_replies(path: TenantPath, query: AnswersQuery) -> Response:
    """Do people still answer, and do they leave: each period against the ones before."""
    with reading(bound_tenant()) as session:
        found = make_answers(session, query.period(session), step=query.step)
        return answer(
            RepliesShown(
                as_of=lake_time(session),
                reason=None if found else "no_messages",
                step=query.step,
                rule=ChartRule(
                    sigmas=SIGMAS, past=PAST, least_periods=LEAST_PERIODS, least_past=LEAST_PAST, least_now=LEAST_NOW
                ),
                periods=[
                    AnswersShown(
                        **asdict(one),
                        reply_rate=one.answered / one.messaged if one.messaged else None,
                        opt_out_rate=one.opt_outs / one.messaged if one.messaged else None,
                    )
                    for one in found
                ],
            )
        )
