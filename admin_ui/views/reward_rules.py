"""What the cards of a channel, or of one placement, earn from now on; and the coupons that are handed out."""

import streamlit as st

from admin_ui import parts, repeats, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.channels import Channel
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.rewards import Added, Rule
from admin_ui.shapes.web import Listed
from admin_ui.words import t

KINDS = ("none", "transfer", "coupon")
WHOLE = "all"


def draw() -> None:
    """The form."""
    parts.back("reward")
    st.title(t("rewards.rules"), anchor=False)
    channels = {one.id: one for one in here().read(Listed[Channel], "channels").items if one.plugin == "package_card"}
    if not channels:
        with states.empty(t("rewards.no_channel_title"), t("rewards.no_channel_text")):
            parts.link("channels", t("channels.title"), icon=":material/hub:")
        return
    with st.container(width=620):
        first = next(iter(channels))
        channel = url.select("of", t("rewards.channel"), list(channels), first, lambda code: channels[code].name)
        query: dict[str, str | int] = {"channel_id": channel, "limit": 200}
        placements = {one.id: one for one in here().read(Listed[Placement], "placements", query).items}
        place = url.select(
            "place", t("rewards.place"), [WHOLE, *placements], WHOLE,
            lambda code: t("rewards.whole") if code == WHOLE else placements[code].name,
        )  # fmt: skip
        rules = here().read(Listed[Rule], "rewards/rules").items
        wanted = None if place == WHOLE else place
        rule = next((one for one in rules if (one.channel_id, one.placement_id) == (channel, wanted)), None)
        _form(rule or Rule(channel_id=channel, placement_id=wanted), f"{channel}{place}")
        if rule is not None and rule.kind == "coupon":
            _coupons(rule)


def _form(rule: Rule, key: str) -> None:
    kind = st.radio(
        t("rewards.kind"), KINDS, KINDS.index(rule.kind) if rule.kind in KINDS else 0, key=f"kind_{key}",
        format_func=lambda code: t(f"rewards.kind_{code}"), horizontal=True,
    )  # fmt: skip
    body: dict[str, object] = {"placement_id": rule.placement_id, "kind": kind}
    if kind != "none":
        left, right = st.columns(2)
        body["low"] = left.text_input(t(f"rewards.low_{kind}"), rule.low, key=f"low_{key}", max_chars=20).strip() or "0"
        body["high"] = body["low"]
        if kind == "transfer":
            high = right.text_input(t("rewards.high"), rule.high, key=f"high_{key}", max_chars=20)
            body["high"] = high.strip() or None
        left, right = st.columns(2)  # a row of their own, so that a phone shows them below both amounts
        daily = left.text_input(t("rewards.daily"), rule.daily or "", key=f"daily_{key}", max_chars=20).strip()
        person = right.number_input(t("rewards.per_person"), 0, 1000, rule.per_person or 0, key=f"person_{key}")
        body |= {"daily": daily or None, "per_person": int(person) or None}
        if kind == "coupon":
            body["coupon_text"] = st.text_input(
                t("rewards.coupon_text"), rule.coupon_text, key=f"text_{key}", max_chars=500
            )
    if here().can("rewards:write") and st.button(t("rewards.save"), type="primary", key="save_rule"):
        _send(Rule, "PUT", f"rewards/rules/{rule.channel_id}", body, t("parts.saved"))


def _coupons(rule: Rule) -> None:
    st.subheader(t("rewards.coupons"), anchor=False)
    st.write(t("rewards.coupons_left", free=rule.coupons_free, all=rule.coupons))
    if not here().can("rewards:write"):
        return
    # Pasted and not uploaded: Streamlit's own box for files speaks English on a Chinese page.
    codes = st.text_area(t("rewards.coupons_paste"), key=f"coupons_{rule.coupons}", height=160)
    if st.button(t("rewards.coupons_add"), key="add_coupons") and codes.strip():
        body: dict[str, object] = {"placement_id": rule.placement_id, "codes": codes}
        _send(Added, "POST", f"rewards/rules/{rule.channel_id}/coupons", body, t("rewards.coupons_added"))


def _send(shape: type[Rule] | type[Added], method: str, path: str, body: dict[str, object], said: str) -> None:
    try:
        here().send(shape, method, path, body, once=repeats.once_for("reward", body))
    except ApiError as error:
        states.complain(error)
        return
    repeats.done_with("reward")
    parts.say(said)
    st.rerun(scope="app")
