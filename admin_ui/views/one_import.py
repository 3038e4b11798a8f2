"""One import on its way: mapping, preview, start, progress, result. Its id is in the URL, so a reload finds it."""

import streamlit as st

from admin_ui import asking, causes, figures, parts, states
from admin_ui.client import ApiError
from admin_ui.parts import Row, Tile
from admin_ui.session import here
from admin_ui.shapes.work import FieldChoice, Import, Preview, PreviewRow, Said
from admin_ui.words import language, maybe, plain, t

OPERATORS = ("eq", "ne", "in", "contains", "empty", "not_empty", "gt", "lt")
NOTHING = ""
MAKES = {"touchpoints": ("touchpoints", "orders"), "orders": ("touchpoints", "orders")}
"""What rows of a kind become that has a count of its own; the others are told by the rows taken."""


def draw(one: Import) -> None:
    """The step that the import is at."""
    parts.back("import")
    st.title(plain(one.name), anchor=False)
    st.caption(f"{t(f'import.{one.kind}')} · {parts.state(one.state)} · {plain(one.encoding)}")
    if one.state == "draft":
        if here().can("imports:write"):
            _mapping(one)
        _preview(one)
    elif one.state in ("queued", "ready", "running"):
        _progress(one)
    else:
        _result(one)


def _mapping(one: Import) -> None:
    """A field a row, with the column that fills it and what stands in that column."""
    st.header(t("import.mapping"), anchor=False)
    st.caption(t("import.mapping_text"))
    samples = {column.name: " · ".join(column.samples[:3]) for column in one.columns}
    names = [NOTHING, *samples]
    shown = [field for field in one.fields if field.required or field.key in one.mapping]
    rest = [field for field in one.fields if field not in shown]
    with st.container(key="mapping_box", width=860):
        chosen = {field.key: _field(field, names, samples, one) for field in shown}
        with st.expander(t("import.more_fields", count=len(rest))):
            chosen |= {field.key: _field(field, names, samples, one) for field in rest}
        defaults = _defaults(one)
        conditions = _filter(one, list(samples))
        create = st.toggle(t("import.create_channels"), one.create_channels, key=f"create_{one.id}")
    body = {
        "mapping": {key: column for key, column in chosen.items() if column},
        "defaults": defaults,
        "row_filter": conditions,
        "create_channels": create,
    }
    if _differs(one, body) and st.button(t("import.look"), key="look", type="primary"):
        _save(one, body)


def _field(field: FieldChoice, names: list[str], samples: dict[str, str], one: Import) -> str:
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    present = one.mapping.get(field.key, NOTHING)
    word = field.zh if language() == "zh" else field.en
    picked = left.selectbox(
        f"{plain(word or field.key)}{' *' if field.required else ''}", names,
        names.index(present) if present in names else 0, key=f"map_{one.id}_{field.key}",
        format_func=lambda name: name or t("import.no_column"), placeholder=t("parts.choose"),
    )  # fmt: skip
    right.caption(plain(samples.get(picked, "")) or "—")
    return picked


def _defaults(one: Import) -> dict[str, str]:
    with st.expander(t("import.defaults")):
        st.caption(t("import.defaults_text"))
        channel = st.text_input(t("import.default_channel"), one.defaults.get("channel") or "", key=f"dc_{one.id}")
        currency = st.text_input(t("import.default_currency"), one.defaults.get("currency") or "", key=f"dm_{one.id}")
    given = {"channel": channel.strip(), "currency": currency.strip().upper()}
    given["touch_kind"] = one.defaults.get("touch_kind") or ""
    return {name: value for name, value in given.items() if value}


def _filter(one: Import, columns: list[str]) -> list[dict[str, str]]:
    """One condition; more of them stay as the API has them."""
    present = one.row_filter[0] if one.row_filter else None
    with st.expander(t("import.filter")):
        st.caption(t("import.filter_text"))
        left, middle, right = st.columns(3)
        names = [NOTHING, *columns]
        column = left.selectbox(
            t("import.filter_column"), names, names.index(present.column) if present else 0, key=f"fc_{one.id}",
            format_func=lambda name: name or t("import.all_rows"), placeholder=t("parts.choose"),
        )  # fmt: skip
        operator = middle.selectbox(
            t("import.filter_op"), OPERATORS, OPERATORS.index(present.op) if present else 0, key=f"fo_{one.id}",
            format_func=lambda code: t(f"import.op_{code}"), placeholder=t("parts.choose"),
        )  # fmt: skip
        value = right.text_input(t("import.filter_value"), present.value if present else "", key=f"fv_{one.id}")
    first = [{"column": column, "op": operator, "value": value}] if column else []
    return first + [condition.model_dump() for condition in one.row_filter[1:]]


def _differs(one: Import, body: dict[str, object]) -> bool:
    present = {
        "mapping": one.mapping,
        "defaults": {name: value for name, value in one.defaults.items() if value},
        "row_filter": [condition.model_dump() for condition in one.row_filter],
        "create_channels": one.create_channels,
    }
    return present != body


def _save(one: Import, body: dict[str, object]) -> None:
    try:
        here().do("PUT", f"imports/{one.id}", body)
    except ApiError as error:
        states.complain(error)
        return
    st.rerun(scope="app")


def _preview(one: Import) -> None:
    st.header(t("import.preview"), anchor=False)
    found = here().read(Preview, f"imports/{one.id}/preview", fresh=True)
    for problem in found.problems:
        st.error(plain(_in_words(problem)))
    if found.problems:
        return
    unknown = _of_unknown_channels(one, found)
    taken = figures.count(found.rows_taken - unknown)
    st.caption(t("import.read", read=figures.count(found.rows_read), taken=taken))
    columns = {name: t(f"import.{name}") for name in ("line_n", "at", "who", "channel", "placement", "becomes")}
    parts.table([_preview_row(row) for row in found.rows], columns, "preview", numbers=("line_n",))
    if found.rejected_count:
        st.warning(t("import.some_rejected", count=figures.count(found.rejected_count)))
        for refused in found.rejected[:5]:
            st.caption(t("import.rejected_line", line=refused.line or 0, reason=plain(_in_words(refused))))
    if unknown:
        names = "、".join(f"{plain(one.name)} ({figures.count(one.rows)})" for one in found.unknown_channels)
        st.warning(t("import.unknown_channels", names=names))
    if here().can("imports:write"):
        text = t("import.start_sure", name=plain(one.name), kind=t(f"import.{one.kind}"), **_counts(found, unknown))
        if asking.sure("start_import", t("import.start"), text, kind="primary"):
            _start(one)


def _of_unknown_channels(one: Import, found: Preview) -> int:
    """The rows that will be refused because nobody allowed to make channels of their names."""
    return 0 if one.create_channels else sum(channel.rows for channel in found.unknown_channels)


def _counts(found: Preview, unknown: int) -> dict[str, str]:
    """What the first rows promise, for the question before the start."""
    counts = {
        "read": found.rows_read,
        "taken": found.rows_taken - unknown,
        "refused": found.rejected_count + unknown,
    }
    return {name: figures.count(value) for name, value in counts.items()}


def _in_words(said: Said) -> str:
    return (said.zh if language() == "zh" else said.en) or said.code


def _preview_row(row: PreviewRow) -> Row:
    becomes = []
    if row.touchpoint:
        becomes.append(t("import.a_touch", kind=maybe(f"touch.{row.touchpoint}", row.touchpoint)))
    if row.order:
        becomes.append(t("import.an_order", amount=f"{row.order.amount} {row.order.currency}"))
    if row.cost:
        becomes.append(t("import.a_cost", amount=f"{row.cost.amount} {row.cost.currency}"))
    return {
        "line_n": str(row.line),
        "at": row.cost.day if row.cost else figures.moment(row.at, here().brand.timezone),
        "who": " ".join(one.masked for one in row.who) or figures.NONE,
        "channel": row.channel or figures.NONE,
        "placement": row.placement or figures.NONE,
        "becomes": " + ".join(becomes) or figures.NONE,
    }


def _start(one: Import) -> None:
    try:
        here().do("POST", f"imports/{one.id}/start", once=f"start-{one.id}")
    except ApiError as error:
        states.complain(error)
        return
    st.rerun(scope="app")


def _progress(one: Import) -> None:
    @st.fragment(run_every=1.0)
    def poll() -> None:
        now = here().read(Import, f"imports/{one.id}", fresh=True)
        if now.state not in ("queued", "ready", "running"):
            st.rerun(scope="app")
        progress = now.job.progress if now.job else None
        told = t("import.running", rows=figures.count(now.rows), refused=figures.count(now.rejected))
        st.progress(progress.part if progress else 0.0, text=told)
        if now.job and now.job.cancel_asked:
            st.caption(t("jobs.stopping"))
        elif now.job and now.job.error:
            st.caption(t("import.tried_again", reason=causes.in_words(now.job.error)))

    st.caption(t("import.survives"))
    with st.container(key="import_progress"):
        poll()
    if here().can("jobs:write") and one.job and not one.job.cancel_asked:
        text = t("import.cancel_sure", name=plain(one.name), rows=figures.count(one.rows))
        if asking.sure("cancel_import", t("import.cancel"), text):
            _cancel(one.job.id)


def _cancel(job_id: str) -> None:
    try:
        here().do("POST", f"jobs/{job_id}/cancel")
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("jobs.cancel_done"))
    st.rerun(scope="app")


def _result(one: Import) -> None:
    if one.state in ("failed", "dead", "cancelled"):
        why = causes.in_words((one.job.error if one.job else None) or "")
        st.error(t("import.failed" if one.state != "cancelled" else "import.was_cancelled", reason=why))
        if one.job:
            parts.link("jobs", t("import.to_job"), icon=":material/pending_actions:", job=one.job.id)
    if one.state == "done" and one.rejected and not one.accepted and not one.duplicates:
        st.error(t("import.nothing_taken"))
    names = ("rows", *MAKES.get(one.kind, ()), "accepted", "duplicates", "rejected")
    parts.tiles([Tile(t(f"import.{name}_n"), figures.count(getattr(one, name))) for name in names], "import_tiles")
    st.caption(t("import.idempotent"))
    st.caption(t("import.no_undo"))
    with st.container(horizontal=True):
        if one.rejected:
            st.download_button(
                t("import.rejects"), lambda: here().download(f"imports/{one.id}/rejects.csv").content,
                f"rejects-{one.name}", "text/csv", on_click="ignore", key="rejects", icon=":material/download:",
            )  # fmt: skip
        parts.link("attribution", t("import.to_attribution"), icon=":material/balance:")
        parts.link("overview", t("import.to_overview"), icon=":material/space_dashboard:")
