"""One job: as a card on the list, and opened with all that is known of it."""

import streamlit as st

from admin_ui import asking, causes, figures, parts, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.work import BUSY, Job
from admin_ui.words import maybe, plain, t

POLL_SECONDS = 2.0
OVER = frozenset({"dead", "cancelled"})
"""States from which a job may be tried again."""


def kind_of(code: str) -> str:
    """What a job does, in words."""
    return maybe(f"kinds.{code.replace('.', '_')}", code)


def progress_of(job: Job) -> str:
    """How far it is, in units of its own."""
    done, total = job.progress.done, job.progress.total
    return f"{figures.count(done)} / {figures.count(total)}" if total else figures.count(done or None)


def took(job: Job) -> str:
    """From its making to its end, or until now."""
    if job.finished_at and job.created_at:
        return figures.ago(max(0.0, (job.finished_at - job.created_at).total_seconds()))
    return t("jobs.so_far", age=figures.ago(job.age_seconds))


def card(job: Job) -> None:
    """What needs a look: the cause, or the progress, and the button that is possible now."""
    with st.container(border=True, key=f"job_{job.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(kind_of(job.kind))}** · {parts.state(job.state)}")
            st.caption(f"{took(job)} · {t('jobs.tries', count=job.attempt)}")
            if job.state in BUSY:
                # Cards of jobs at work are drawn anew every moment; a question asked there would not stand still.
                if st.button(t("jobs.open"), key=f"open_{job.id}"):
                    url.open_it("job", job.id)
                    st.rerun(scope="app")
            else:
                _actions(job)
        _progress(job)
        _cause(job)


def draw(job: Job) -> None:
    """The job's own page."""
    parts.back("job")
    st.title(kind_of(job.kind), anchor=False)
    zone = here().brand.timezone
    st.caption(f"{parts.state(job.state)} · {took(job)} · {t('jobs.tries', count=job.attempt)}")
    if job.state in BUSY:
        _watch(job)
    else:
        _cause(job)
    with st.container(horizontal=True):
        _actions(job)
    facts = {
        "created": figures.moment(job.created_at, zone),
        "finished": figures.moment(job.finished_at, zone),
        "errors": figures.count(job.errors),
        "crashes": figures.count(job.crashes),
        "number": job.id,
    }
    rows = [{"fact": t(f"jobs.{name}"), "value": value} for name, value in facts.items()]
    rows += [{"fact": name, "value": str(value)} for name, value in (job.result or {}).items()]
    columns = {name: t(f"jobs.{name}") for name in ("fact", "value")}
    parts.table(rows, columns, "job_facts", alt=t("jobs.title"))
    parts.explain("job", t("jobs.how"), figures_shown=False)


def _watch(job: Job) -> None:
    @st.fragment(run_every=POLL_SECONDS)
    def watch() -> None:
        now = here().read(Job, f"jobs/{job.id}", fresh=True)
        if now.state != job.state:
            st.rerun(scope="app")
        _progress(now)
        _cause(now)

    with st.container(key="job_progress"):
        watch()


def _progress(job: Job) -> None:
    if job.state == "running":
        st.progress(job.progress.part, text=progress_of(job))
        if job.cancel_asked:
            st.caption(t("jobs.stopping"))
    elif job.next_try_at:
        st.caption(t("jobs.next_try", at=figures.moment(job.next_try_at, here().brand.timezone)))


def _cause(job: Job) -> None:
    if job.error and job.state != "done":
        st.markdown(f"{t('jobs.why')}{causes.in_words(job.error)}")
        if job.state == "dead":
            st.caption(t("jobs.what_to_do"))


def _actions(job: Job) -> None:
    if not here().can("jobs:write"):
        return
    if job.state in OVER and st.button(t("jobs.retry"), key=f"retry_{job.id}"):
        _act(job, "retry")
    if job.state in BUSY and not job.cancel_asked:
        text = t("jobs.cancel_sure", what=kind_of(job.kind), progress=progress_of(job))
        if asking.sure(f"cancel_{job.id}", t("jobs.cancel"), text):
            _act(job, "cancel")


def _act(job: Job, verb: str) -> None:
    try:
        here().do("POST", f"jobs/{job.id}/{verb}")
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t(f"jobs.{verb}_done"))
    st.rerun(scope="app")
