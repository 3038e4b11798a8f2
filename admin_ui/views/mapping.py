"""Field mapping: a sample of the other system's JSON on one side, the rules and what they make of it on the other."""

import streamlit as st
from pydantic import JsonValue

from admin_ui import parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.channels import Channel
from admin_ui.shapes.figures import Preview
from admin_ui.words import language, plain, t

ENDING = "_mapping"
NONE = "—"


def names_of(schema: dict[str, JsonValue]) -> list[str]:
    """The settings of a plugin that hold a mapping."""
    fields = schema.get("properties")
    return [name for name in fields if name.endswith(ENDING)] if isinstance(fields, dict) else []


def draw(channel: Channel, schema: dict[str, JsonValue]) -> None:
    """The editor for one channel."""
    names = names_of(schema)
    st.caption(t("mapping.about"))
    name = names[0]
    if len(names) > 1:
        name = st.segmented_control(t("mapping.which"), names, default=name, key="mapping_which") or name
    written = f"mapping_{channel.id}_{name}"
    if written not in st.session_state:
        st.session_state[written] = str(channel.settings.get(name) or "")
    left, right = st.columns(2)
    with left:
        sample = st.text_area(t("mapping.sample"), key="mapping_sample", height=260, help=t("mapping.sample_help"))
    preview = _ask(sample, st.session_state[written])
    with left:
        _add_rule(preview, written)
    with right:
        st.text_area(t("mapping.rules"), key=written, height=260, help=t("mapping.rules_help"))
        if st.button(t("mapping.save"), type="primary", key="save_mapping"):
            _save(channel, name, st.session_state[written])
    if preview:
        _show(preview)


def _ask(sample: str, rules: str) -> Preview | None:
    if not sample.strip():
        return None
    try:
        return here().send(Preview, "POST", "mapping/preview", {"sample": sample, "mapping": rules})
    except ApiError as error:
        states.complain(error)
        return None


def _add_rule(preview: Preview | None, written: str) -> None:
    """Two boxes and a button that write a line: whoever does not know pointers need not learn them."""
    if preview is None or not preview.pointers:
        return
    titles = {one.name: f"{one.name} · {plain(one.title.in_language(language()))}" for one in preview.targets}
    values = {one.pointer: f"{one.pointer} = {plain(one.value)}" for one in preview.pointers}
    ours = st.selectbox(t("mapping.ours"), list(titles), key="mapping_ours", format_func=lambda code: titles[code])
    theirs = st.selectbox(t("mapping.theirs"), list(values), key="mapping_theirs", format_func=lambda at: values[at])
    st.button(t("mapping.add"), key="mapping_add", on_click=_append, args=(written, f"{ours} = {theirs}"))


def _append(written: str, rule: str) -> None:
    """One rule for a field: a second one takes the place of the first."""
    field = rule.partition("=")[0].strip()
    kept = [line for line in st.session_state[written].splitlines() if line.partition("=")[0].strip() != field]
    st.session_state[written] = "\n".join([*kept, rule]).strip()


def _show(preview: Preview) -> None:
    st.markdown(f"**{t('mapping.result')}**")
    if preview.mistake:
        st.warning(plain(preview.mistake))
        return
    if not preview.events and not preview.problems:
        st.caption(t("mapping.no_rules"))
    for event in preview.events:
        rows = [{"field": name, "value": _text(value)} for name, value in event.items()]
        with st.container(border=True):
            columns = {"field": t("mapping.field"), "value": t("mapping.value")}
            parts.table(rows, columns, f"mapped_{event.get('event_id')}")
    for problem in preview.problems:
        st.warning(t("mapping.problem", row=str(problem.row), reason=plain(problem.reason)))


def _text(value: JsonValue) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{name}: {_text(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return NONE if value is None else str(value)


def _save(channel: Channel, name: str, rules: str) -> None:
    kept = {key: value for key, value in channel.settings.items() if key != name}
    try:
        with st.spinner(t("channels.checking")):
            here().do("PUT", f"channels/{channel.id}", {"name": channel.name, "settings": {**kept, name: rules}})
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("parts.saved"))
    st.rerun(scope="app")
