"""How often one address may ask for codes that do not exist, before it has to wait: guessing must not pay."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

PER_MINUTE = 30
ADDRESSES = 10_000


class MissLimit:
    """A bucket of misses for each address, refilled evenly. In memory: it works when everything else is down."""

    def __init__(self, *, per_minute: int = PER_MINUTE, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._monotonic = float(per_minute), per_minute / 60, monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._changing = threading.Lock()

    def allows(self, address: str) -> bool:
        """Whether this address still has a miss to spend."""
        return self._left(address) >= 1

    def spend(self, address: str) -> None:
        """Count one miss."""
        with self._changing:
            self._buckets[address] = (self._left(address) - 1, self._monotonic())
            self._buckets.move_to_end(address)
            while len(self._buckets) > ADDRESSES:
                self._buckets.popitem(last=False)

    def _left(self, address: str) -> float:
        left, at = self._buckets.get(address, (self._most, self._monotonic()))
        return min(self._most, left + (self._monotonic() - at) * self._rate)
