"""What names a person in their rewards goes; amounts, states and bills stay, as the books need them."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.rewards.models import RewardPayout


def erase_payees(session: Session, contact_numbers: Collection[int]) -> None:
    """Take away who was paid, and by which browser."""
    session.execute(
        sa.update(RewardPayout)
        .where(RewardPayout.contact_number.in_(contact_numbers))
        .values(payee=None, payee_digest=None, ticket=None, hand_over=None, visitor_digest=None)
        .execution_options(synchronize_session=False)
    )
