"""The two made-up brands of the demo, of different trades, and how people come to each."""

from dataclasses import dataclass, field

DAYS = 90


@dataclass(frozen=True)
class Brand:
    """A brand's plan for ninety days. Rates are a day; money is in major units."""

    key: str
    name: str
    seed: int
    shop: str
    cards_a_batch: int
    card_cost: str
    scans: float
    paid_visits: float
    paid_cost: float
    organic_visits: float
    basket: float
    repeat_days: float
    members: int
    blasts: tuple[int, ...] = ()
    skus: tuple[str, ...] = field(default=())


TEA = Brand(
    key="tea",
    name="山野茶事 Hillside Tea",
    seed=20260301,
    shop="https://tea.example/shop",
    cards_a_batch=1000,
    card_cost="38.50",
    scans=2.4,
    paid_visits=10,
    paid_cost=198,
    organic_visits=6,
    basket=128,
    repeat_days=24,
    members=1600,
    blasts=(44, 80),
    skus=("龙井礼盒 Longjing gift box", "茉莉花茶 Jasmine tea"),
)
SKIN = Brand(
    key="skin",
    name="溪光护肤 Lumen Skin",
    seed=20260302,
    shop="https://skin.example/shop",
    cards_a_batch=1000,
    card_cost="69.00",
    scans=1.7,
    paid_visits=15,
    paid_cost=272,
    organic_visits=5,
    basket=236,
    repeat_days=38,
    members=1100,
    blasts=(52, 80),
    skus=("修护精华 Repair serum",),
)
BRANDS = (TEA, SKIN)
