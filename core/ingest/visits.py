"""Which page views begin a visit: the first one after 30 quiet minutes, also when calls arrive late or out of order."""

from datetime import timedelta

GAP_US = int(timedelta(minutes=30).total_seconds()) * 1_000_000
KEPT = 8

Span = tuple[int, int]


def join_visit(visits: list[Span], at_us: int) -> tuple[list[Span], bool]:
    """The visitor's latest visits (first and last sign of life, in microseconds) after one more, and if it is new."""
    near = [span for span in visits if span[0] - GAP_US <= at_us <= span[1] + GAP_US]
    merged = (min([at_us, *(span[0] for span in near)]), max([at_us, *(span[1] for span in near)]))
    others = [span for span in visits if span not in near]
    return sorted([*others, merged])[-KEPT:], not near
