"""How a vendor behaves today: how it answers, and how its callbacks come."""

from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Field(0.0, ge=0, le=1)
Answers = Literal["fine", "busy", "empty", "code", "broken", "hanging"]
"""busy: asks to slow down. empty: the account has no credit. code: the code of `code`. broken: does it and answers
500. hanging: does it and never answers."""


class Moods(BaseModel):
    """A vendor's modes. Shares are between 0 and 1; the same seed draws the same ones again."""

    model_config = ConfigDict(extra="forbid")

    answers: Answers = "fine"
    share: float = Field(1.0, ge=0, le=1)
    code: str = Field("", max_length=100)
    latency: float = Field(0.0, ge=0, le=60)
    late: float = Share
    late_by: float = Field(60.0, ge=0, le=90 * 86_400)
    doubled: float = Share
    shuffled: float = Share
    lost: float = Share
    wrong: float = Share
    seed: int = 1


class Fate:
    """What happens to one request or one piece of news, by mode and seed. `name` tells it from the others."""

    def __init__(self, moods: Moods, name: str) -> None:
        rng = Random(f"{moods.seed}:{name}")
        self.is_moody = rng.random() < moods.share
        self.is_lost = rng.random() < moods.lost
        self.is_doubled = rng.random() < moods.doubled
        self.is_forged_too = rng.random() < moods.wrong
        self.delay = moods.late_by if rng.random() < moods.late else 0.0
        self.delay += rng.uniform(0, 5) if rng.random() < moods.shuffled else 0.0
