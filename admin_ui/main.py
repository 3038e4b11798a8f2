"""What Streamlit runs: one call into the frame."""

from admin_ui.frame import run

run()
