"""Is something stuck? What failed with its cause, what runs with its progress, and the list behind it."""

from collections.abc import Sequence

import streamlit as st

from admin_ui import asking, causes, figures, listing, parts, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.web import Listed
from admin_ui.shapes.work import BUSY, Job, JobSummary
from admin_ui.views import one_job
from admin_ui.words import maybe, t

STATES = ("dead", "running", "queued", "ready", "unknown", "cancelled", "done")
COLUMNS = ("kind", "state", "progress", "attempt_n", "took", "created", "why_short")
MOST_CARDS = 10
NOTHING = ("", figures.NONE)
POLL_SECONDS = 2.0


def draw() -> None:
    """The page."""
    opened = url.opened("job")
    if opened:
        one_job.draw(here().read(Job, f"jobs/{opened}", fresh=True))
        return
    counts = here().read(JobSummary, "jobs/summary", fresh=True).states
    with parts.head(t("jobs.title")):
        st.button(t("jobs.refresh"), icon=":material/refresh:", key="jobs_refresh")
    if not any(counts.values()):
        with states.empty(t("jobs.empty_title"), t("jobs.empty_text")):
            if here().can("imports:write"):
                parts.link("import", t("overview.first_import"), icon=":material/upload_file:")
        return
    st.caption(_verdict(counts))
    _attention(counts)
    _list(counts)


def _verdict(counts: dict[str, int]) -> str:
    """The answer to the page's question, in one sentence."""
    if counts.get("dead"):
        return t("jobs.some_failed", count=figures.count(counts["dead"]))
    busy = sum(counts.get(state, 0) for state in BUSY)
    return t("jobs.all_moves", count=figures.count(busy)) if busy else t("jobs.all_quiet")


def _attention(counts: dict[str, int]) -> None:
    """What failed, and what is at work; the latter looks again by itself."""
    dead = _some("dead") if counts.get("dead") else []
    for job in dead:
        one_job.card(job)
    if len(dead) > 1 and here().can("jobs:write"):
        text = t("jobs.retry_all_sure", count=len(dead))
        if asking.sure("retry_all", t("jobs.retry_all", count=len(dead)), text):
            _retry(dead)
    if not any(counts.get(state) for state in BUSY):
        return

    @st.fragment(run_every=POLL_SECONDS)
    def at_work() -> None:
        jobs = [job for state in ("running", "queued", "ready") for job in _some(state)]
        if not jobs:
            st.rerun(scope="app")
        for job in jobs:
            one_job.card(job)

    with st.container(key="jobs_at_work"):
        at_work()


def _some(state: str) -> list[Job]:
    return here().read(Listed[Job], "jobs", {"state": state, "limit": MOST_CARDS}, fresh=True).items


def _retry(jobs: list[Job]) -> None:
    try:
        for job in jobs:
            here().do("POST", f"jobs/{job.id}/retry")
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("jobs.retry_done"))
    st.rerun(scope="app")


def _list(counts: dict[str, int]) -> None:
    st.header(t("jobs.list"), anchor=False)
    options = ["all", *(state for state in STATES if counts.get(state) or state in _always())]
    shown = url.choose("state", t("jobs.state"), options, "all", lambda code: _with_count(code, counts))
    query = {"state": None if shown == "all" else shown}
    jobs, rest = listing.read_pages(Listed[Job], here().path("jobs"), query, "jobs")
    if not jobs:
        st.info(t("jobs.none_in_state"))
        return
    columns = {name: t(f"jobs.{name}") for name in COLUMNS}
    rows = [_row(job) for job in jobs]
    columns = {name: label for name, label in columns.items() if any(row[name] not in NOTHING for row in rows)}
    folded = _fold(jobs)
    lines = [_times(_row(job), count) for job, count in folded]
    parts.choose_row(lines, columns, "jobs_table", [job.id for job, _ in folded], "job")
    listing.more("jobs", len(jobs), rest)
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, "jobs")
        parts.explain("jobs", t("jobs.how"), figures_shown=False)


def _fold(jobs: Sequence[Job]) -> list[tuple[Job, int]]:
    """Done jobs of one kind that follow each other are one line, the newest: a poll a minute would hide all others."""
    folded: list[tuple[Job, int]] = []
    for job in jobs:
        if folded and job.state == "done" and (folded[-1][0].kind, folded[-1][0].state) == (job.kind, "done"):
            folded[-1] = (folded[-1][0], folded[-1][1] + 1)
        else:
            folded.append((job, 1))
    return folded


def _times(row: dict[str, str], count: int) -> dict[str, str]:
    return row if count == 1 else {**row, "kind": t("jobs.several", kind=row["kind"], count=figures.count(count))}


def _always() -> tuple[str, ...]:
    """States that a link may name although nothing is in them just now."""
    return ("dead", "running", "done", url.opened("state"))


def _with_count(code: str, counts: dict[str, int]) -> str:
    word = t("jobs.all") if code == "all" else maybe(f"state.{code}", code)
    count = sum(counts.values()) if code == "all" else counts.get(code, 0)
    return f"{word} {figures.count(count)}"


def _row(job: Job) -> dict[str, str]:
    return {
        "kind": one_job.kind_of(job.kind),
        "state": parts.state(job.state),
        "progress": one_job.progress_of(job),
        "attempt_n": str(job.attempt),
        "took": one_job.took(job),
        "created": figures.moment(job.created_at, here().brand.timezone),
        # A job that came through in the end has an old error in its row, which is nobody's concern any more.
        "why_short": causes.in_words(job.error).replace("\\", "") if job.error and job.state != "done" else "",
    }
