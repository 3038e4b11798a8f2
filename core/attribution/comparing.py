"""Two runs side by side: what they were asked, what each says, and what lies between. The figures are those that the
credit table of each run shows."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from core.attribution.cautions import Caution
from core.attribution.credits import Dimension
from core.attribution.models import AttributionRun
from core.attribution.shapes.comparison import (
    ComparisonShown,
    DifferenceShown,
    LineShown,
    PairShown,
    SideShown,
    StepShown,
    StepSide,
)
from core.attribution.shapes.credits import CreditShown, CreditsShown, IntervalShown, RevenueShown, Total, show_cautions
from core.attribution.shapes.runs import RunShown
from core.attribution.tables import show_credits
from core.errors import Conflict, FieldError, Invalid
from core.tenants.currencies import from_minor

OUTCOMES = frozenset(
    {
        *("id", "preset", "repeats", "job_id", "state", "progress", "error", "created_at", "finished_at", "seconds"),
        *("made", "followed", "changed_contacts", "contacts", "orders", "journeys", "ripeness"),
        "model_versions",
    }
)
"""Of what a run shows: not what it was asked or made of, but what came of it."""
Pair = tuple[CreditsShown, CreditsShown]


def compare_runs(
    session: Session, run: AttributionRun, other: AttributionRun, *, models: Sequence[str], by: Dimension
) -> ComparisonShown:
    """Two finished runs by the models that both have, or by these.

    Raises:
        Conflict: one is not finished, or they count in different currencies.
        Invalid: not both have such a model, or they have none in common.
    """
    if run.currency != other.currency:
        raise Conflict(
            f"One run counts in {run.currency} and the other in {other.currency}; amounts of different currencies "
            "are not set against each other. Compare runs of one currency."
        )
    shared = [model for model in run.models if model in other.models]
    unknown = [model for model in models if model not in shared]
    if unknown or not shared:
        raise Invalid(fields=[FieldError("models", "unknown", f"Both runs have {', '.join(shared) or 'no model'}.")])
    chosen = list(dict.fromkeys(models)) or shared
    return compare_tables(*(show_credits(session, one, models=chosen, by=by) for one in (run, other)))


def compare_tables(left: CreditsShown, right: CreditsShown) -> ComparisonShown:
    """The same of two credit tables of the same models, dimension and currency."""
    pair = left, right
    return ComparisonShown(
        run=left.run,
        other=right.run,
        currency=left.currency,
        by=left.by,
        models=left.models,
        differs=differences(left.run, right.run),
        rows=[line for model in left.models for line in _lines(pair, model)],
        unattributed=_of_models(pair, lambda table: table.unattributed),
        calibration=_of_models(pair, lambda table: table.calibration) if left.calibration or right.calibration else [],
        totals=_of_models(pair, lambda table: table.totals),
        revenue=_steps(left.revenue, right.revenue),
        cautions=show_cautions(_cautions(left.run, right.run)),
    )


def differences(run: RunShown, other: RunShown) -> list[DifferenceShown]:
    """What they were not both asked, or not both made of."""
    left, right = (one.model_dump(mode="json", exclude=set(OUTCOMES)) for one in (run, other))
    shared = run.model_versions.keys() & other.model_versions.keys()
    for shown, one in ((left, run), (right, other)):
        shown["model_versions"] = {name: one.model_versions[name] for name in one.models if name in shared}
    return [DifferenceShown(code=name, run=left[name], other=right[name]) for name in left if left[name] != right[name]]


def _lines(pair: Pair, model: str) -> list[LineShown]:
    sides = [{row.key: row for row in table.rows if row.model == model} for table in pair]
    names = {key: row.name for side in sides for key, row in side.items()}
    lines = [
        LineShown(**_paired(pair, model, (sides[0].get(key), sides[1].get(key))), key=key, name=name)
        for key, name in names.items()
    ]
    if pair[0].by == "day":
        return sorted(lines, key=lambda line: line.key)
    return sorted(lines, key=lambda line: (-abs(line.value_difference), line.name, line.key))


def _of_models(pair: Pair, choose: Callable[[CreditsShown], Sequence[Total]]) -> list[PairShown]:
    """What each model has beside its lines."""
    sides = [{total.model: total for total in choose(table)} for table in pair]
    return [PairShown(**_paired(pair, model, (sides[0].get(model), sides[1].get(model)))) for model in pair[0].models]


def _paired(pair: Pair, model: str, given: tuple[Total | None, Total | None]) -> dict[str, object]:
    left, right = (_side(table, model, total) for table, total in zip(pair, given, strict=True))
    shares = None if left.share is None or right.share is None else right.share - left.share
    return {
        "model": model,
        "run": left,
        "other": right,
        "conversions_difference": right.conversions - left.conversions,
        "value_difference": right.value - left.value,
        "amount_difference": _less(right.amount, left.amount),
        "share_difference": shares,
    }


def _side(table: CreditsShown, model: str, total: Total | None) -> SideShown:
    whole = next(one.value for one in table.totals if one.model == model)
    if total is None:
        nothing = from_minor(0, table.currency)
        return SideShown(conversions=0, value=0, amount=nothing, share=0.0 if whole else None)
    side = SideShown(
        conversions=total.conversions,
        value=total.value,
        amount=total.amount,
        share=total.value / whole if whole else None,
    )
    if not isinstance(total, CreditShown):
        return side
    interval = total.value_interval
    shares = IntervalShown(low=interval.low / whole, high=interval.high / whole) if interval and whole else None
    own = {"conversions_interval": total.conversions_interval, "value_interval": interval, "share_interval": shares}
    early = any(one.code == "too_early" for one in total.cautions)
    return side.model_copy(update={**own, "ripeness": total.ripeness, "too_early": early})


def _steps(left: Sequence[RevenueShown], right: Sequence[RevenueShown]) -> list[StepShown]:
    """Nothing for runs made before steps were kept."""
    others = {step.code: step for step in right}
    return [
        StepShown(
            code=step.code,
            run=StepSide(orders=step.orders, amount=step.amount),
            other=StepSide(orders=other.orders, amount=other.amount),
            orders_difference=other.orders - step.orders,
            amount_difference=_less(other.amount, step.amount),
        )
        for step in left
        if (other := others.get(step.code))
    ]


def _less(amount: str, other: str) -> str:
    """Decimal texts of one currency keep its decimals."""
    return str(Decimal(amount) - Decimal(other))


def _days(run: RunShown) -> str:
    """The first and the last day of a run, as people write them; `to_day` is the day after."""
    return f"{run.from_day} – {run.to_day - timedelta(days=1)}"


def _cautions(run: RunShown, other: RunShown) -> list[Caution]:
    found = []
    if (run.from_day, run.to_day) != (other.from_day, other.to_day):
        days = [_days(one) for one in (run, other)]
        found.append(
            Caution(
                "other_period",
                f"两次计算的时间不同（{days[0]} 与 {days[1]}）：差别里也包含了日子的差别。",
                f"The runs are of different days, {days[0]} and {days[1]}: part of the difference is the days'.",
            )
        )
    if run.timezone != other.timezone:
        found.append(
            Caution(
                "other_calendar",
                f"两次计算的时区不同（{run.timezone} 与 {other.timezone}）：同一天的界线不同。",
                f"The runs are by the calendars of {run.timezone} and {other.timezone}: a day begins elsewhere.",
            )
        )
    if run.version != other.version:
        found.append(
            Caution(
                "other_code",
                f"两次计算的程序版本不同（{run.version} 与 {other.version}）。",
                f"The runs were made by different versions of the code, {run.version} and {other.version}.",
            )
        )
    return found
