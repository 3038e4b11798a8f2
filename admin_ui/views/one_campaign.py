"""One campaign: what it would do, the buttons that are possible now, and what became of each message."""

from uuid import uuid4

import streamlit as st

from admin_ui import figures, parts, states, url
from admin_ui.client import ApiError
from admin_ui.parts import Tile
from admin_ui.session import here
from admin_ui.shapes.campaigns import Campaign, CampaignPreview, Delivery
from admin_ui.shapes.channels import Channel
from admin_ui.shapes.web import Listed
from admin_ui.words import language, maybe, plain, t

POSSIBLE = {
    "draft": ("start", "cancel"),
    "scheduled": ("pause", "cancel"),
    "running": ("pause", "cancel"),
    "sending": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
}
COUNTED = ("planned", "accepted", "delivered", "failed", "unknown", "skipped")
STATES = ("all", *COUNTED)


def draw(campaign: Campaign, channels: dict[str, Channel]) -> None:
    """The campaign."""
    parts.back("campaign")
    st.title(plain(campaign.name), anchor=False)
    channel = channels.get(campaign.channel_id)
    st.caption(f"{plain(channel.name) if channel else ''} · {parts.state(campaign.state)}")
    if campaign.stopped_by:
        st.warning(t("campaigns.stopped_by", reason=maybe(f"reason.{campaign.stopped_by}", plain(campaign.stopped_by))))
    if campaign.next_open and campaign.state in ("running", "scheduled"):
        st.caption(t("campaigns.next_open", at=figures.moment(campaign.next_open, here().brand.timezone)))
    preview = _preview(campaign) if campaign.state == "draft" else None
    if here().can("campaigns:write"):
        _buttons(campaign, preview)
    if campaign.state != "draft":
        _outcome(campaign)


def _preview(campaign: Campaign) -> CampaignPreview | None:
    try:
        found = here().send(CampaignPreview, "POST", f"campaigns/{campaign.id}/preview")
    except ApiError as error:
        states.complain(error)
        return None
    left, right = st.columns([1, 1], gap="large")
    with left, st.container(border=True, width=320, key="phone"):
        st.caption(t("campaigns.as_read"))
        st.text(found.message.text if found.message else campaign.message)
        if found.message and found.message.parts:
            st.caption(t("campaigns.message_parts", parts=found.message.parts))
        for problem in found.message.problems if found.message else []:
            st.warning(plain(problem.in_language(language())))
    with right:
        names = {"audience": found.audience, "would_send": found.would_send}
        parts.tiles([Tile(t(f"campaigns.{name}"), figures.count(value)) for name, value in names.items()], "reach")
        if found.sampled < found.audience:
            st.caption(t("campaigns.sampled", count=figures.count(found.sampled)))
        for reason, count in found.left_out.items():
            st.markdown(f"{_reason(reason)}: {figures.count(count)}")
    return found


def _buttons(campaign: Campaign, preview: CampaignPreview | None) -> None:
    with st.container(horizontal=True):
        for verb in POSSIBLE.get(campaign.state, ()):
            kind = "primary" if verb in ("start", "resume") else "secondary"
            if st.button(
                t(f"campaigns.{verb}"), key=f"{verb}_campaign", type="primary" if kind == "primary" else "secondary"
            ):
                if verb in ("start", "cancel"):
                    _confirm(campaign, verb, preview)
                else:
                    _move(campaign, verb)


def _confirm(campaign: Campaign, verb: str, preview: CampaignPreview | None) -> None:
    """What cannot be called back asks first, with the number of people."""
    st.session_state["_once"] = uuid4().hex

    @st.dialog(t(f"campaigns.{verb}"))
    def ask() -> None:
        count = preview.would_send if preview else 0
        st.write(t(f"campaigns.{verb}_sure", count=figures.count(count), name=plain(campaign.name)))
        if st.button(t(f"campaigns.{verb}"), type="primary", key="sure"):
            _move(campaign, verb)

    ask()


def _move(campaign: Campaign, verb: str) -> None:
    try:
        here().do("POST", f"campaigns/{campaign.id}/{verb}", once=st.session_state.get("_once", ""))
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t(f"campaigns.{verb}_done"))
    st.rerun(scope="app")


def _outcome(campaign: Campaign) -> None:
    parts.tiles([Tile(parts.state(name), figures.count(campaign.counts.get(name, 0))) for name in COUNTED], "outcome")
    told = [
        f"{_reason(code)} {figures.count(count)}" for code, count in campaign.reasons.items() if code != "DELIVERED"
    ]
    if told:
        st.caption(f"{t('campaigns.reasons')}{' · '.join(told)}")
    shown = url.choose(
        "delivery", t("campaigns.deliveries"), STATES, "all",
        lambda code: t("jobs.all") if code == "all" else maybe(f"state.{code}", code),
    )  # fmt: skip
    query = {"state": None if shown == "all" else shown, "limit": 100}
    found = here().read(Listed[Delivery], f"campaigns/{campaign.id}/deliveries", query, fresh=True).items
    columns = {name: t(f"campaigns.{name}") for name in ("contact_n", "state", "reason", "parts_n", "sent_at")}
    parts.table([_row(one) for one in found], columns, "deliveries", numbers=("contact_n", "parts_n"))


def _reason(code: str) -> str:
    """Our words for why; a vendor's own code stays as it is, since it is what their support asks for."""
    return maybe(f"reason.{code}", plain(code))


def _row(one: Delivery) -> dict[str, str]:
    return {
        "contact_n": str(one.contact_number),
        "state": parts.state(one.state),
        "reason": _reason(one.reason) if one.reason else "",
        "parts_n": figures.count(one.parts),
        "sent_at": figures.moment(one.sent_at, here().brand.timezone),
    }
