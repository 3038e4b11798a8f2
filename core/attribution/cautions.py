"""What a reader of credits should know before acting on them: a closed list of codes, each with its sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.attribution.jackknife import LEAST_GROUPS
from core.attribution.maturing import is_too_early

FEW_ORDERS = 30
FEW_CONTACTS = 300
"""Fewer contacts than this leave fewer than five in a group: the interval is itself a guess."""
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Caution:
    """`code`: few_orders, few_contacts, mostly_unattributed, no_interval or too_early; of a line: wide_interval or
    too_early."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RunFigures:
    """orders: of the run; lost: those without a touch; contacts, groups: the sample of its intervals; ripeness: how
    much of what its touches will bring has come."""

    orders: int
    lost: int
    contacts: int
    groups: int
    ripeness: float | None = None


def cautions_of_run(run: RunFigures) -> Sequence[Caution]:
    """Of the whole table, the gravest first."""
    found = []
    if run.orders < FEW_ORDERS:
        found.append(
            Caution(
                "few_orders",
                f"只有 {run.orders} 笔订单，不到 {FEW_ORDERS} 笔：渠道之间的差别可能只是偶然。",
                f"Only {run.orders} orders, fewer than {FEW_ORDERS}: differences between channels may be chance.",
            )
        )
    if not run.groups:
        found.append(
            Caution(
                "no_interval",
                "这次计算没有做区间；可以在选项里要求。",
                "This run was made without intervals; ask for them in its options.",
            )
        )
    elif run.groups < LEAST_GROUPS:
        found.append(
            Caution(
                "few_contacts",
                f"只有 {run.contacts} 位联系人有触点，算不出区间。",
                f"Only {run.contacts} contacts had a touch: too few for intervals.",
            )
        )
    elif run.contacts < FEW_CONTACTS:
        found.append(
            Caution(
                "few_contacts",
                f"只有 {run.contacts} 位联系人有触点，不到 {FEW_CONTACTS} 位：区间本身也只是粗略估计。",
                f"Only {run.contacts} contacts had a touch, fewer than {FEW_CONTACTS}: the intervals are rough, too.",
            )
        )
    if run.orders and run.lost > MOSTLY * run.orders:
        found.append(
            Caution(
                "mostly_unattributed",
                f"{run.orders} 笔订单里有 {run.lost} 笔没有触点：表里说的只是少数订单。",
                f"{run.lost} of {run.orders} orders have no touch: the table speaks of the lesser part.",
            )
        )
    if run.ripeness is not None and is_too_early(run.ripeness):
        found.append(_too_early(run.ripeness))
    return found


def cautions_of_line(value: float, interval: tuple[float, float] | None, *, ripeness: float | None) -> list[Caution]:
    """Of one model's credit of one channel, placement or day."""
    found = []
    if interval is not None and interval[1] - interval[0] > value:
        found.append(
            Caution(
                "wide_interval",
                "区间比数值本身还宽：这个数还说明不了什么。",
                "The interval is wider than the value: it says little yet.",
            )
        )
    if ripeness is not None and is_too_early(ripeness):
        found.append(_too_early(ripeness))
    return found


def _too_early(share: float) -> Caution:
    return Caution(
        "too_early",
        f"这些触点将带来的订单估计只来了 {share:.0%}：现在下结论为时过早。",
        f"About {share:.0%} of the orders that these touches will bring have come: too early to judge.",
    )
