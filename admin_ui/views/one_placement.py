"""One placement: its figures, what to print, its links and codes, what it cost."""

from collections.abc import Callable

import streamlit as st

from admin_ui import causes, figures, parts, period, repeats, states, url
from admin_ui.client import ApiError, NotThere
from admin_ui.parts import Tile
from admin_ui.session import browser_api, here
from admin_ui.shapes.channels import Channel, Plugin
from admin_ui.shapes.placements import Artifact, JobAsked, Link, Placement
from admin_ui.shapes.web import Listed
from admin_ui.shapes.work import BUSY, Job
from admin_ui.views import artwork, batch_cards, card_doubts, change_placement, clerk_page, one_show, seen
from admin_ui.views.channels import all_plugins
from admin_ui.words import language, plain, t


def draw(placement_id: str, channels: dict[str, Channel]) -> None:
    """The placement, by its id."""
    placement = here().read(Placement, f"placements/{placement_id}", fresh=True)
    channel = channels.get(placement.channel_id)
    parts.back("placement")
    st.title(plain(placement.name), anchor=False)
    zone = here().brand.timezone
    plugin = next((p for p in all_plugins().items if channel and p.key == channel.plugin), Plugin(key=""))
    st.caption(
        " · ".join([plain(channel.name) if channel else "", parts.phase(placement), _lasts(placement, plugin, zone)])
    )
    if placement.state == "archived":
        st.info(t("placements.is_archived"))
    _tiles(placement)
    st.caption(t("placements.all_time"))
    abilities = plugin.capabilities
    rooms: dict[str, Callable[[], None]] = {
        "print": lambda: _print(placement, plugin),
        "links": lambda: _links(placement),
        "figures": lambda: seen.draw(placement),
        "cost": lambda: _costs(placement),
    }
    if placement.codes or ({"publish", "landing"} <= {*abilities} and not plugin.own_page):  # it has serials
        cards = {"cards": lambda: batch_cards.draw(placement), "doubts": lambda: card_doubts.draw(placement)}
        rooms = {"print": rooms["print"], **cards, **rooms}
    if "measure" in abilities:  # a video is looked at for its figures, and printed by nobody
        rooms = {"figures": rooms["figures"], **rooms}
    if plugin.is_show:
        rooms = {"show": lambda: one_show.draw(placement), **rooms}
    if _may_change(placement):
        rooms |= {"clerk": lambda: clerk_page.draw(placement)} if _is_clerk(placement) else {}
        rooms["change"] = lambda: change_placement.draw(placement)
    for tab, draw_room in zip(st.tabs([t(f"placements.tab_{name}") for name in rooms]), rooms.values(), strict=True):
        with tab:
            draw_room()


def _is_clerk(placement: Placement) -> bool:
    return placement.detail.get("place") == "staff"


def _lasts(placement: Placement, plugin: Plugin, zone: str) -> str:
    """The period by days; a show's by the minute."""
    moments = [figures.moment(at, zone) for at in (placement.starts_at, placement.ends_at) if at]
    return " → ".join(moments if plugin.is_show else [moment[:10] for moment in moments])


def _may_change(placement: Placement) -> bool:
    """Whether the reader may, and there is still something to change: an archived one stays as it was."""
    return placement.state == "active" and here().can("placements:write")


def _tiles(placement: Placement) -> None:
    stats, money = placement.stats, placement.currency
    parts.tiles(
        [
            Tile(t("placements.scans_n"), figures.compact(stats.scans)),
            Tile(t("placements.clicks_n"), figures.compact(stats.clicks)),
            Tile(t("placements.redeemed"), figures.compact(stats.redeemed)),
            Tile(t("placements.contacts_n"), figures.compact(stats.contacts)),
            Tile(t("placements.cost_n"), figures.compact_money(stats.cost, money)),
            Tile(t("placements.cost_per_contact_n"), figures.money(stats.cost_per_contact, money)),
        ],
        "placement_tiles",
    )


def _print(placement: Placement, plugin: Plugin) -> None:
    abilities = plugin.capabilities
    left, right = st.columns([1, 2])
    # Cards carry a code each, so a placement that is printed need not have a link of its own.
    with left:
        _qr(placement, t("placements.own_codes" if "publish" in abilities else "placements.no_link"))
    with right:
        if "publish" not in abilities:
            st.caption(t("placements.no_print"))
            return
        st.caption(t("placements.codes_made", count=figures.count(placement.codes)))
        if _may_change(placement):
            _print_form(placement)
        _printing(placement)
        _files(placement)
    if "landing" in abilities and not plugin.own_page:
        artwork.draw(placement, plugin, may_change=_may_change(placement))


def _qr(placement: Placement, otherwise: str) -> None:
    try:
        picture = here().download(f"placements/{placement.id}/qr.svg")
    except NotThere:
        st.caption(otherwise)
        return
    # A quiet white ground: dark pages would otherwise leave the code unreadable to phones.
    with st.container(key="qr_box", width=220):
        st.image(picture.content.decode(), width=200, alt=t("placements.qr_of", name=placement.name))
    st.download_button(
        t("placements.qr_download"), picture.content, f"qr-{placement.number}.svg", picture.media_type,
        on_click="ignore", key="qr_download", icon=":material/qr_code:",
    )  # fmt: skip


def _print_form(placement: Placement) -> None:
    with st.form("print", border=False):
        # Keyed by what there is: a count that stayed in the box would make as many again at the next print.
        count = st.number_input(
            t("placements.codes_count"), 0, 10_000, 0 if placement.codes else 100, key=f"codes_count_{placement.codes}"
        )
        sent = st.form_submit_button(t("placements.print"), type="primary")
    if not sent:
        return
    try:
        if count:
            body = {"count": int(count)}
            once = repeats.once_for(f"codes_{placement.codes}", body)
            here().do("POST", f"placements/{placement.id}/codes", body, once=once)
        asked = here().send(JobAsked, "POST", f"placements/{placement.id}/publish")
    except ApiError as error:
        states.complain(error)
        return
    url.open_it("job", asked.job_id)
    st.rerun(scope="app")


def _printing(placement: Placement) -> None:
    job_id = url.opened("job")
    if not job_id:
        return

    @st.fragment(run_every=1.0)
    def poll() -> None:
        job = here().read(Job, f"jobs/{job_id}", fresh=True)
        if job.state in BUSY:
            st.progress(job.progress.part, text=t("placements.printing"))
            return
        if job.state != "done":
            st.error(f"{t('placements.print_failed')} {causes.in_words(job.error or '')}")
            parts.link("jobs", t("jobs.open"), icon=":material/pending_actions:", job=job.id)
            return
        url.open_it("job", "")
        parts.say(t("placements.printed"))
        st.rerun(scope="app")

    poll()


def _files(placement: Placement) -> None:
    files = here().read(Listed[Artifact], f"placements/{placement.id}/artifacts", fresh=True).items
    for file in files:
        title = file.title.in_language(language()) or file.name
        address = f"{browser_api()}{here().path(f'files/{file.file_id}')}"
        st.link_button(plain(title), address, icon=":material/picture_as_pdf:", key=f"file_{file.id}")


def _links(placement: Placement) -> None:
    links = here().read(Listed[Link], f"placements/{placement.id}/links", fresh=True).items
    for link in links:
        with st.container(border=True):
            st.code(link.url, language=None)
            st.caption(f"→ {plain(link.target_url)} · {plain(link.label)} {parts.state(link.state)}")
    if not links:
        st.caption(t("placements.no_link"))
    if not _may_change(placement):
        return
    with st.form("new_link", border=False, width=620, clear_on_submit=True):
        target = st.text_input(t("placements.target"), key="link_target", help=t("placements.target_help"))
        label = st.text_input(t("placements.link_label"), key="link_label", help=t("placements.link_label_help"))
        if st.form_submit_button(t("placements.add_link")):
            _send(
                placement, "links", {"target_url": target.strip(), "label": label.strip()}, t("placements.link_added")
            )


def _costs(placement: Placement) -> None:
    st.caption(t("placements.cost_so_far", cost=figures.money(placement.stats.cost, placement.currency)))
    if not here().can("placements:write"):
        return
    with st.form("new_cost", border=False, width=620, clear_on_submit=True):
        left, right = st.columns(2)
        day = left.date_input(t("placements.cost_day"), period.today(here().brand.timezone), key="cost_day")
        amount = right.text_input(f"{t('placements.cost_amount')} ({placement.currency})", key="cost_amount")
        note = st.text_input(t("placements.cost_note"), key="cost_note")
        if st.form_submit_button(t("placements.add_cost")):
            body = {"day": day.isoformat(), "amount": amount.strip().replace(",", ""), "note": note.strip()}
            _send(placement, "costs", body, t("placements.cost_added"))


def _send(placement: Placement, what: str, body: dict[str, str], said: str) -> None:
    try:
        here().do("POST", f"placements/{placement.id}/{what}", body, once=repeats.once_for(what, body))
    except ApiError as error:
        states.complain(error)
        return
    repeats.done_with(what)
    parts.say(said)
    st.rerun(scope="app")
