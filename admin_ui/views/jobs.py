"""Is something stuck? Counts by state, what runs with its progress, what failed with its cause."""

import streamlit as st

from admin_ui import figures, parts, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.web import Listed
from admin_ui.shapes.work import BUSY, Job, JobSummary
from admin_ui.words import maybe, plain, t

STATES = ("all", "ready", "queued", "running", "done", "unknown", "dead", "cancelled")
OVER = frozenset({"dead", "unknown", "cancelled"})


def draw() -> None:
    """The page."""
    counts = here().read(JobSummary, "jobs/summary", fresh=True).states
    with parts.head(t("jobs.title")):
        st.button(t("jobs.refresh"), icon=":material/refresh:", key="jobs_refresh")
    if not any(counts.values()):
        states.empty(t("jobs.empty_title"), t("jobs.empty_text"))
        return
    shown = url.choose("state", t("jobs.state"), STATES, "all", lambda code: _with_count(code, counts))
    query = {"limit": 50, "state": None if shown == "all" else shown}
    jobs = here().read(Listed[Job], "jobs", query, fresh=True).items
    if not jobs:
        st.info(t("jobs.none_in_state"))
        return
    for job in [job for job in jobs if job.state in BUSY or job.state in OVER][:10]:
        _card(job)
    st.header(t("jobs.list"), anchor=False)
    columns = {name: t(f"jobs.{name}") for name in ("kind", "state", "progress", "attempt_n", "age", "created")}
    parts.table([_row(job) for job in jobs], columns, "jobs_table", numbers=("attempt_n",), alt=t("jobs.title"))


def kind_of(code: str) -> str:
    """What a job does, in words."""
    return maybe(f"kinds.{code.replace('.', '_')}", code)


def _with_count(code: str, counts: dict[str, int]) -> str:
    word = t("jobs.all") if code == "all" else maybe(f"state.{code}", code)
    count = sum(counts.values()) if code == "all" else counts.get(code, 0)
    return f"{word} {count}"


def _row(job: Job) -> dict[str, str]:
    done, total = job.progress.done, job.progress.total
    return {
        "kind": kind_of(job.kind),
        "state": parts.state(job.state),
        "progress": f"{figures.count(done)} / {figures.count(total)}" if total else figures.count(done or None),
        "attempt_n": str(job.attempt),
        "age": figures.ago(job.age_seconds),
        "created": figures.moment(job.created_at, here().brand.timezone),
    }


def _card(job: Job) -> None:
    with st.container(border=True, key=f"job_{job.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(kind_of(job.kind))}** · {parts.state(job.state)}")
            st.caption(f"{t('jobs.age')} {figures.ago(job.age_seconds)}")
            if here().can("jobs:write"):
                _actions(job)
        if job.state == "running":
            st.progress(job.progress.part, text=_row(job)["progress"])
        if job.error and job.state in OVER:
            st.caption(f"{t('jobs.why')}{plain(job.error[:400])}")


def _actions(job: Job) -> None:
    if job.state in OVER and st.button(t("jobs.retry"), key=f"retry_{job.id}"):
        _act(job, "retry")
    if job.state in BUSY and st.button(t("jobs.cancel"), key=f"cancel_{job.id}"):
        _act(job, "cancel")


def _act(job: Job, verb: str) -> None:
    try:
        here().do("POST", f"jobs/{job.id}/{verb}")
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t(f"jobs.{verb}_done"))
    st.rerun()
