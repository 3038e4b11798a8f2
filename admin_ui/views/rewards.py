"""What do cards earn, and did it arrive? Sums first, what needs a person next, every payout, and the rules."""

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st

from admin_ui import figures, parts, states, url
from admin_ui.parts import Tile
from admin_ui.session import here
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.rewards import Counted, Payout, Rule, Summary
from admin_ui.shapes.web import Listed
from admin_ui.views import one_payout, reward_rules
from admin_ui.words import maybe, t

STATES = ("all", "unknown", "held", "failed", "earned", "waiting", "succeeded", "cancelled")
COLUMNS = ("at", "amount_n", "kind", "place", "state", "reason", "bill")
MOST = 200


def draw() -> None:
    """The page, or one payout, or the form of a rule."""
    if url.opened("reward") == "rules":
        reward_rules.draw()
        return
    with parts.head(t("rewards.title")):
        if st.button(t("rewards.rules"), icon=":material/tune:", key="open_rules"):
            _open_rules()
    summary = here().read(Summary, "rewards/summary")
    rules = here().read(Listed[Rule], "rewards/rules").items
    if not summary.states and not any(rule.kind != "none" for rule in rules):
        with states.empty(t("rewards.empty_title"), t("rewards.empty_text")):
            if here().can("rewards:write") and st.button(t("rewards.empty_next"), type="primary", key="first_rule"):
                _open_rules()
        return
    _tiles(summary, rules)
    _list(summary.currency)
    parts.explain("rewards", t("rewards.how"))


def _open_rules() -> None:
    url.open_it("reward", "rules")
    st.rerun(scope="app")


def _tiles(summary: Summary, rules: list[Rule]) -> None:
    def money(*codes: str) -> str:
        total = sum((Decimal(summary.states.get(code, Counted()).amount) for code in codes), Decimal(0))
        return figures.money(total, summary.currency)

    def count(*codes: str) -> str:
        return figures.count(sum(summary.states.get(code, Counted()).count for code in codes))

    spent = sum((Decimal(rule.spent_today) for rule in rules if rule.placement_id is None), Decimal(0))
    parts.tiles(
        [
            Tile(t("rewards.arrived"), money("succeeded")),
            Tile(t("rewards.on_the_way"), money("earned", "intended", "waiting")),
            Tile(t("rewards.today"), figures.money(spent, summary.currency)),
            Tile(t("rewards.unknown_n"), count("unknown")),
            Tile(t("rewards.held_n"), count("held")),
            Tile(t("rewards.failed_n"), count("failed", "cancelled")),
        ],
        "rewards_tiles",
    )


def _list(currency: str) -> None:
    chosen = url.choose("state", t("rewards.state"), STATES, "all", lambda code: t(f"rewards.is_{code}"))
    query = {"state": None if chosen == "all" else chosen, "limit": MOST}
    found = here().read(Listed[Payout], "rewards/payouts", query).items
    places = {one.id: one.name for one in here().read(Listed[Placement], "placements", {"limit": MOST}).items}
    opened = next((one for one in found if one.id == url.opened("payout")), None)
    if opened is not None:
        one_payout.draw(opened, currency, places.get(opened.placement_id, ""))
    rows = [_row(one, currency, places) for one in found]
    columns = {name: t(f"rewards.{name}") for name in COLUMNS if any(row[name] for row in rows)}
    if rows:
        parts.choose_row(rows, columns, "payouts", [one.id for one in found], "payout")
        parts.export(rows, columns, "payouts")
    else:
        st.write(t("rewards.none"))


def _row(one: Payout, currency: str, places: Mapping[str, str]) -> dict[str, str]:
    return {
        "at": figures.moment(one.created_at, here().brand.timezone) if one.created_at else figures.NONE,
        "amount_n": figures.money(Decimal(one.amount), currency),
        "kind": maybe(f"rewards.kind_{one.kind}", one.kind),
        "place": places.get(one.placement_id, ""),
        "state": maybe(f"rewards.is_{one.state}", one.state),
        "reason": maybe(f"reason.{one.reason}", one.reason) if one.reason else "",
        "bill": one.bill,
    }
