"""How far a run is."""

import streamlit as st

from admin_ui.session import here
from admin_ui.shapes.attribution import Run
from admin_ui.words import t

BUSY = frozenset({"queued", "running"})


def draw(run: Run) -> None:
    """Polls by itself and redraws the page when the run is over; a reload finds it again."""

    @st.fragment(run_every=1.0)
    def poll() -> None:
        now = here().read(Run, f"attribution/runs/{run.id}", fresh=True)
        if now.state not in BUSY:
            st.rerun()
        done, total = now.progress.done, now.progress.total
        st.progress(min(1.0, done / total) if total else 0.0, text=t("attribution.running"))

    with st.container(key="run_progress"):
        poll()
