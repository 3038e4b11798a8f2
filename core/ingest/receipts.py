"""What vendors say became of our messages: deliveries move forward, and a delivered message is a touch."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.sdk.events import Receipt


def take_receipts(session: Session, channel: Channel, receipts: Sequence[Receipt]) -> None:
    return
