"""Coupon codes: taken from the operator's list, each handed out once; or one text for everybody."""

import csv
import io
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import insert_new, new_id, vault_of
from core.errors import FieldError, Invalid
from core.rewards.models import RewardCoupon, RewardPayout, RewardRule

LONGEST_CODE, MOST_AT_ONCE = 100, 20_000
A_STEP = 1_000
HEADS = {"code", "codes", "coupon", "coupons", "券码", "优惠券", "优惠码", "兑换码"}


def read_codes(text: str) -> list[str]:
    """The codes of a CSV: its first column, or the one headed `code` or 券码; each once, in their order.

    Raises:
        Invalid: none, too many, or one that is too long.
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))) if any(cell.strip() for cell in row)]
    except csv.Error:
        raise _refuse("not_csv", "This is no CSV: give one code a line.") from None
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = next((place for place, cell in enumerate(head) if cell in HEADS), None)
    body = rows if column is None else rows[1:]
    codes = list(dict.fromkeys(row[column or 0].strip() for row in body if len(row) > (column or 0)))
    codes = [code for code in codes if code]
    if not codes or len(codes) > MOST_AT_ONCE:
        raise _refuse("out_of_range", f"Between 1 and {MOST_AT_ONCE} codes at once, one a line.")
    if long := next((place for place, code in enumerate(codes, 1) if len(code) > LONGEST_CODE), None):
        raise _refuse("too_long", f"Code {long} has more than {LONGEST_CODE} characters.")
    return codes


def add_coupons(session: Session, rule: RewardRule, codes: Iterable[str]) -> int:
    """Keep these codes for the rule; those it has already are left as they are. Returns how many are new."""
    vault, listed = vault_of(session), list(codes)
    added = 0
    for first in range(0, len(listed), A_STEP):
        rows = []
        for code in listed[first : first + A_STEP]:
            row_id = new_id()
            rows.append(
                {
                    "id": row_id,
                    "rule_id": rule.id,
                    "digest": vault.blind_index("coupon", code),
                    "code": vault.seal("reward_coupon", row_id, "code", code.encode()),
                    "created_at": clock.now(),
                }
            )
        added += len(insert_new(session, RewardCoupon, rows, conflict=("rule_id", "digest")))
    return added


def hand_out(session: Session, rule: RewardRule, payout: RewardPayout) -> bool:
    """Give the payout a code of its own, or the rule's one text. False where no code is left.

    Whoever calls holds the channel's lock (`rules_for`), so no two can take the same.
    """
    if coupon_of(session, payout) is not None:
        return True
    free = (
        sa.select(RewardCoupon)
        .where(RewardCoupon.rule_id == rule.id, RewardCoupon.payout_id.is_(None))
        .order_by(RewardCoupon.id)
        .limit(1)
    )
    coupon = session.scalar(free)
    if coupon is None:
        return bool(rule.coupon_text)
    coupon.payout_id = payout.id
    session.flush()
    return True


def coupon_of(session: Session, payout: RewardPayout) -> str | None:
    """The code that was handed out as this payout."""
    row = session.scalar(sa.select(RewardCoupon).where(RewardCoupon.payout_id == payout.id))
    return vault_of(session).unseal("reward_coupon", row.id, "code", row.code).decode() if row else None


def count_coupons(session: Session, rule: RewardRule) -> tuple[int, int]:
    """How many codes the rule has in all, and how many of them are free."""
    free = sa.func.sum(sa.case((RewardCoupon.payout_id.is_(None), 1), else_=0))
    row = session.execute(sa.select(sa.func.count(), free).where(RewardCoupon.rule_id == rule.id)).one()
    return int(row[0]), int(row[1] or 0)


def _refuse(code: str, message: str) -> Invalid:
    return Invalid(message, fields=[FieldError("codes", code, message)])
