"""How a placement does: costs and redemptions are known here, clicks and contacts by slices above, which register."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.placements.cards import redeemed_by_placement
from core.placements.costs import cost_by_placement
from core.placements.figures import total_figures


@dataclass(frozen=True)
class Met:
    """What touchpoints tell of a placement. Machines' hits are not in it; `contacts` are those who joined by it.

    `claims` are redemptions as touches: a card's has a row of its own besides, one on a shared page has not.
    """

    clicks: int = 0
    scans: int = 0
    contacts: int = 0
    claims: int = 0


@dataclass(frozen=True)
class Stats:
    """What is shown beside a placement."""

    clicks: int
    scans: int
    redeemed: int
    contacts: int
    cost_minor: int
    views: int = 0
    followers: int = 0

    @property
    def minor_per_contact(self) -> float | None:
        """Cost per contact in minor units; None without contacts."""
        return self.cost_minor / self.contacts if self.contacts else None

    @property
    def minor_per_view(self) -> float | None:
        """Cost per view; None where none were counted, or nothing was spent."""
        return self.cost_minor / self.views if self.views and self.cost_minor else None

    @property
    def minor_per_follower(self) -> float | None:
        """Cost per follower won; None likewise."""
        return self.cost_minor / self.followers if self.followers and self.cost_minor else None


Counter = Callable[[Session, Collection[int]], Mapping[int, Met]]
_counters: list[Counter] = []


def counts_meetings(count: Counter) -> Counter:
    """Decorator: what this counts, by placement number, is added to the statistics."""
    if count not in _counters:
        _counters.append(count)
    return count


def stats_of(session: Session, numbers: Collection[int]) -> dict[int, Stats]:
    """The statistics of these placements; each of them is in the answer."""
    met = [count(session, numbers) for count in _counters]
    costs, redeemed = cost_by_placement(session, numbers), redeemed_by_placement(session, numbers)
    seen = total_figures(session, numbers, names=("views", "followers"))
    return {
        number: Stats(
            clicks=sum(part[number].clicks for part in met if number in part),
            scans=sum(part[number].scans for part in met if number in part),
            redeemed=max(redeemed.get(number, 0), sum(part[number].claims for part in met if number in part)),
            contacts=sum(part[number].contacts for part in met if number in part),
            cost_minor=costs.get(number, 0),
            views=seen[number].get("views", 0),
            followers=seen[number].get("followers", 0),
        )
        for number in numbers
    }
