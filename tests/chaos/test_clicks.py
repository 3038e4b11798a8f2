"""Clicks on a tracked link while API, shipper and Redis are killed: what was redirected is stored, once."""

import threading
import time
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from core.db import reading
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.chaos.trouble import Trouble
from tests.factories.placements import make_placement, make_tracked_link
from tests.servers.siyu import Running, status, until

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.slow]

CLICKS, READERS = 2_000, 4
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


class Crowd:
    """Readers who click one link again and again, and count what was answered."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path, self.answered, self.asked = port, path, 0, 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._click, daemon=True) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()

    def _click(self) -> None:
        for _ in range(CLICKS // READERS):
            while not self._is_redirected():
                time.sleep(0.1)  # a reader whose page does not open taps again

    def _is_redirected(self) -> bool:
        answer = status(self.port, self.path, headers={"User-Agent": BROWSER})
        with self.lock:
            self.asked += 1
            self.answered += answer == 302
        return answer == 302

    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)


def stored_clicks(brand: Tenant) -> Sequence[str]:
    with reading(brand.number) as session:
        return session.scalars(sa.select(Touchpoint.event_id).where(Touchpoint.kind == "click")).all()


def test_redirected_clicks_survive_every_kill(platform: Running, brand: Tenant) -> None:
    link = make_tracked_link(brand, make_placement(brand))
    crowd = Crowd(int(platform.environment["SIYU_API_PORT"]), f"/t/{link.code}")
    trouble = Trouble(platform, seed=20_261_124)
    trouble.until(crowd.is_done, victims=("api", "shipper", "redis", "shipper"), kills=8)
    assert crowd.answered == CLICKS
    until(lambda: len(stored_clicks(brand)) >= crowd.answered, otherwise=f"clicks are missing; {trouble}")
    clicks = stored_clicks(brand)
    assert crowd.answered <= len(clicks) == len(set(clicks)) <= crowd.asked
    assert trouble.left_behind() == []
