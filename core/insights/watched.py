"""What platforms counted in a window, by channel, placement or day: how often it was seen, whom it won."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.service import list_channels
from core.insights.days import Period
from core.placements.figures import daily_figures
from core.placements.models import Placement, PlacementFigure


@dataclass(slots=True)
class Watched:
    """Views and followers won in the window."""

    views: int = 0
    followers: int = 0

    def add(self, name: str, count: int) -> None:
        """One figure more."""
        if name == "views":
            self.views += count
        else:
            self.followers += count


def count_watched(session: Session, period: Period, *, by: str) -> dict[tuple[str, str], Watched]:
    """Key and name of a row -> what was counted for it; rows without any are left out.

    by: `channel`, `placement`, `day`, or a field of placements' details.
    """
    measured = sa.select(PlacementFigure.placement_number).distinct()
    placements = list(session.scalars(sa.select(Placement).where(Placement.number.in_(measured))))
    channels = {channel.number: (str(channel.id), channel.name) for channel in list_channels(session)}
    daily = daily_figures(session, [one.number for one in placements], names=("views", "followers"))
    found: dict[tuple[str, str], Watched] = defaultdict(Watched)
    for placement in placements:
        for name, days in daily[placement.number].items():
            for day, count in days.items():
                if not period.from_day <= day < period.to_day:
                    continue
                if by == "day":
                    row = (day.isoformat(), day.isoformat())
                elif by == "channel":
                    row = channels[placement.channel_number]
                elif by == "placement":
                    row = (str(placement.id), placement.name)
                else:
                    said = str(placement.detail.get(by) or "")
                    row = (said, said)
                found[row].add(name, count)
    return dict(found)
