"""What names a person in their rewards goes; amounts, states and bills stay, as the books need them."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.rewards.models import RewardJoin, RewardPayout


def erase_payees(session: Session, contact_numbers: Collection[int]) -> None:
    """Take away who was paid, who joined, and by which browser."""
    session.execute(
        sa.update(RewardPayout)
        .where(RewardPayout.contact_number.in_(contact_numbers))
        .values(payee=None, payee_digest=None, ticket=None, hand_over=None, visitor_digest=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.update(RewardJoin)
        .where(RewardJoin.contact_number.in_(contact_numbers))
        .values(told=None, joined_digest=None, visitor_digest=None)
        .execution_options(synchronize_session=False)
    )
