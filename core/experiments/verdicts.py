"""What a measured lift means, in a sentence an operator can act on, Chinese and English."""

from dataclasses import dataclass

from core.experiments.lift import Arm, Interval, detectable

ENOUGH = 30
"""Buyers over both arms below which nothing is said but that it is too early."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code`: nobody_yet, too_small, works, harms or unclear."""

    code: str
    zh: str
    en: str

    @property
    def is_grounded(self) -> bool:
        """Whether enough people bought to lean on the figure, whatever it says."""
        return self.code not in ("nobody_yet", "too_small")


def judge(treated: Arm, held_out: Arm, lift: Interval | None) -> Verdict:
    """The verdict on the buyers' rate; people are counted by the hundred."""
    if lift is None:
        return Verdict("nobody_yet", "还没有两组都过完观察期的人。", "Nobody of both groups has passed the window yet.")
    buyers = treated.converted + held_out.converted
    if buyers < ENOUGH:
        return Verdict(
            "too_small",
            f"两组一共只有 {buyers} 人下单，不到 {ENOUGH} 人，还不能下结论。",
            f"Only {buyers} people of both groups bought, fewer than {ENOUGH}: too early to judge.",
        )
    low, high, most = 100 * lift.low, 100 * lift.high, 100 * abs(lift.difference)
    if lift.low > 0:
        return Verdict(
            "works",
            f"有效：每 100 人多 {most:.2f} 人下单（95% 区间 {low:.2f} 至 {high:.2f}）。",
            f"It works: {most:.2f} more buyers in 100 people (95 % interval {low:.2f} to {high:.2f}).",
        )
    if lift.high < 0:
        return Verdict(
            "harms",
            f"有害：每 100 人少 {most:.2f} 人下单（95% 区间 {low:.2f} 至 {high:.2f}）。",
            f"It does harm: {most:.2f} fewer buyers in 100 people (95 % interval {low:.2f} to {high:.2f}).",
        )
    least = 100 * (detectable(treated, held_out) or 0.0)
    return Verdict(
        "unclear",
        f"看不出差别（95% 区间 {low:.2f} 至 {high:.2f}）；这么多人只看得出每 100 人 {least:.2f} 人以上的差别。",
        f"No difference seen (95 % interval {low:.2f} to {high:.2f}); so many people show one of {least:.2f} in 100"
        " or more.",
    )
