"""One campaign: what it would do, the buttons that are possible now, and what became of each message."""

from functools import partial

import streamlit as st

from admin_ui import asking, figures, listing, parts, segment_form, states, url
from admin_ui.client import ApiError
from admin_ui.parts import Tile
from admin_ui.session import here
from admin_ui.shapes.campaigns import Campaign, CampaignPreview, Delivery, Quota
from admin_ui.shapes.channels import Channel
from admin_ui.shapes.web import Listed
from admin_ui.views import segments, test_message, unknown_deliveries
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
ASKED = ("start", "cancel")
COLUMNS = ("contact_n", "state", "reason", "parts_n", "sent_at")


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
    _facts(campaign, channels)
    preview = _preview(campaign) if campaign.state == "draft" else None
    if here().can("campaigns:write"):
        _buttons(campaign, preview)
        if campaign.state not in ("done", "cancelled"):
            test_message.draw(campaign)
    if campaign.state != "draft":
        _sent(campaign)
        _outcome(campaign)


def _facts(campaign: Campaign, channels: dict[str, Channel]) -> None:
    zone = here().brand.timezone
    told = [
        t("campaigns.goes_to", who=plain(segment_form.in_words(campaign.audience, segments.names_of(channels), zone))),
        t("campaigns.limit", cap=campaign.cap, days=campaign.cap_days),
    ]
    if campaign.starts_at:
        told.append(t("campaigns.begins", at=figures.moment(campaign.starts_at, zone)))
    st.caption(" · ".join(told))


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
        names = {"audience": found.audience, "would_send": _estimate(found)}
        parts.tiles([Tile(t(f"campaigns.{name}"), figures.count(value)) for name, value in names.items()], "reach")
        if found.sampled < found.audience:
            st.caption(t("campaigns.sampled", count=figures.count(found.sampled)))
        for reason, count in found.left_out.items():
            st.markdown(f"{_reason(reason)}: {figures.count(count)}")
        if found.quota:
            _quota(found.quota)
    return found


def _quota(quota: Quota) -> None:
    """A bar of the account's day, and how much of this campaign fits into it."""
    used = t("campaigns.quota_used", used=figures.count(quota.used), daily=figures.count(quota.daily))
    st.progress(min(quota.used / quota.daily, 1.0), text=used)
    told = {"can_go": figures.count(quota.can_go), "expected": figures.count(quota.expected), "days": quota.days}
    if quota.can_go < quota.expected:
        st.warning(t("campaigns.quota_short", **told))
    else:
        st.caption(t("campaigns.quota_enough", **told))


def _buttons(campaign: Campaign, preview: CampaignPreview | None) -> None:
    with st.container(horizontal=True):
        for verb in POSSIBLE.get(campaign.state, ()):
            if verb in ASKED:
                once = asking.sure(
                    f"{verb}_campaign", t(f"campaigns.{verb}"), partial(_warning, campaign, verb, preview),
                    kind="primary" if verb == "start" else "secondary",
                )  # fmt: skip
                if once:
                    _move(campaign, verb, once)
            elif st.button(
                t(f"campaigns.{verb}"), key=f"{verb}_campaign", type="primary" if verb == "resume" else "secondary"
            ):
                _move(campaign, verb)


def _warning(campaign: Campaign, verb: str, preview: CampaignPreview | None) -> str:
    """What cannot be called back, in numbers: how many people, how many messages the provider charges."""
    name = plain(campaign.name)
    if verb == "cancel":
        left = campaign.counts.get("planned", 0)
        key = "cancel_sure" if campaign.state != "draft" else "cancel_draft_sure"
        return t(f"campaigns.{key}", name=name, count=figures.count(left))
    if preview is None:
        return t("campaigns.start_unknown", name=name)
    people = _estimate(preview)
    said = t("campaigns.start_sure", name=name, count=figures.count(people))
    if preview.message and preview.message.parts:
        said += " " + t("campaigns.start_parts", count=figures.count(people * preview.message.parts))
    if preview.sampled < preview.audience:
        said += " " + t("campaigns.sampled", count=figures.count(preview.sampled))
    return said


def _estimate(preview: CampaignPreview) -> int:
    """The preview judges a sample; the share that would get it, carried over to the whole audience."""
    if not preview.sampled:
        return 0
    return round(preview.would_send * preview.audience / preview.sampled)


def _move(campaign: Campaign, verb: str, once: str = "") -> None:
    try:
        here().do("POST", f"campaigns/{campaign.id}/{verb}", once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t(f"campaigns.{verb}_done"))
    st.rerun(scope="app")


def _sent(campaign: Campaign) -> None:
    """What went out, and the way to what came of it: clicks and costs are its placement's."""
    with st.container(border=True, width=640, key="sent_message"):
        st.caption(t("campaigns.message"))
        st.text(campaign.message)
        if campaign.placement_id and here().can("placements:read"):
            icon = ":material/ads_click:"
            parts.link("placements", t("campaigns.clicks_there"), icon=icon, placement=campaign.placement_id)


def _outcome(campaign: Campaign) -> None:
    parts.tiles([Tile(parts.state(name), figures.count(campaign.counts.get(name, 0))) for name in COUNTED], "outcome")
    told = [f"{_reason(code)} {figures.count(count)}" for code, count in campaign.reasons.items()]
    if told:
        st.caption(f"{t('campaigns.reasons')}{' · '.join(told)}")
    if campaign.counts.get("unknown"):
        unknown_deliveries.draw(campaign)
    shown = url.choose(
        "delivery", t("campaigns.deliveries"), STATES, "all",
        lambda code: t("jobs.all") if code == "all" else maybe(f"state.{code}", code),
    )  # fmt: skip
    path = here().path(f"campaigns/{campaign.id}/deliveries")
    found, rest = listing.read_pages(Listed[Delivery], path, {"state": None if shown == "all" else shown}, "deliveries")
    if not found:
        st.info(t("campaigns.no_delivery"))
        return
    columns = {name: t(f"campaigns.{name}") for name in COLUMNS}
    rows = [_row(one) for one in found]
    st.caption(t("campaigns.click_contact"))
    picked = parts.table(rows, columns, "deliveries", numbers=("contact_n", "parts_n"), pick=True)
    if picked is not None and found[picked].contact_id and here().can("contacts:read"):
        parts.go("contacts", contact=str(found[picked].contact_id))
    listing.more("deliveries", len(found), rest)
    parts.export(rows, columns, "deliveries")


def _reason(code: str) -> str:
    """Our words for why; a vendor's own code is named as one, since it is what their support asks for."""
    return maybe(f"reason.{code}", t("campaigns.vendor_code", code=plain(code)))


def _row(one: Delivery) -> dict[str, str]:
    return {
        "contact_n": str(one.contact_number),
        "state": parts.state(one.state),
        # A vendor's word for success says nothing beside the state.
        "reason": _reason(one.reason) if one.reason and one.state != "delivered" else "",
        "parts_n": figures.count(one.parts),
        "sent_at": figures.moment(one.sent_at, here().brand.timezone),
    }
