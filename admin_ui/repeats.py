"""Idempotency keys of forms: what an impatient finger or a second try sends twice is done once."""

import hashlib
import json
from uuid import uuid4

import streamlit as st

from admin_ui import url


def once_for(form: str, body: object) -> str:
    """The key of what a form sends now. Other values are another key, and so is the form once it is `done_with`."""
    filling = st.session_state.setdefault(f"_filling_{form}_{url.openings()}", uuid4().hex)
    said = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(f"{filling}{said}".encode()).hexdigest()


def done_with(form: str) -> None:
    """It was taken; the same values given again are meant again."""
    st.session_state.pop(f"_filling_{form}_{url.openings()}", None)
