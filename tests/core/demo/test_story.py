"""The demo's story is the same every time and has the numbers of the field."""

from core.demo.brands import BRANDS, DAYS, TEA
from core.demo.story import tell


def test_same_seed_tells_same_story() -> None:
    assert tell(TEA) == tell(TEA)


def test_story_fills_ninety_days() -> None:
    for brand in BRANDS:
        days = tell(brand)
        assert len(days) == DAYS
        assert all(day.scans or day.visits for day in days)


def test_two_brands_share_no_phone() -> None:
    tea, skin = ({scan.person.phone for day in tell(brand) for scan in day.scans} for brand in BRANDS)
    assert not tea & skin


def test_private_contact_is_cheap_and_paid_one_dear() -> None:
    days = tell(TEA)
    scans = sum(len(day.scans) for day in days)
    joined_by_ads = len(
        {v.person.key for day in days for v in day.visits if v.tells_phone and v.person.source == "paid"}
    )
    assert 150 < scans < 900
    assert 150 < TEA.paid_cost * DAYS / joined_by_ads < 330


def test_nothing_happens_after_the_end() -> None:
    for day, told in enumerate(tell(TEA)):
        moments = [v.at for v in told.visits] + [s.at for s in told.scans] + [p.at for p in told.purchases]
        assert all(at.days in (day - 1, day) for at in moments)
