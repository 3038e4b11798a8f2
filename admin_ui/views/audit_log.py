"""Who did what, newest first, in words; the request id leads to the server's log."""

import streamlit as st
from pydantic import JsonValue

from admin_ui import figures, listing, parts
from admin_ui.session import here
from admin_ui.shapes.access import AuditEntry
from admin_ui.shapes.web import Listed
from admin_ui.words import maybe, t

COLUMNS = ("at", "actor", "action", "subject", "detail", "request")
TOLD = frozenset({"name"})
"""Details that stand in the subject's column already."""


def draw() -> None:
    """The table."""
    entries, rest = listing.read_pages(Listed[AuditEntry], "/v1/audit", {"tenant_id": here().brand.id}, "audit")
    if not entries:
        st.caption(t("people.no_audit"))
        return
    columns = {name: t(f"people.{name}") for name in COLUMNS}
    rows = [_row(entry) for entry in entries]
    parts.table(rows, columns, "audit_table", alt=t("people.audit"))
    listing.more("audit", len(entries), rest)
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, "audit")
        parts.explain("audit", t("people.how_audit"), figures_shown=False)


def _row(entry: AuditEntry) -> dict[str, str]:
    noun, _, key = entry.subject.partition(":")
    name = entry.detail.get("name")
    kind = maybe(f"audit.of_{noun}", noun)
    return {
        "at": figures.moment(entry.at, here().brand.timezone),
        "actor": entry.actor_name or (t("people.system") if entry.actor == "system" else entry.actor),
        "action": maybe(f"audit.{entry.action.replace('.', '_')}", entry.action),
        "subject": f"{kind} {name or key[-8:]}",
        "detail": " · ".join(f"{field}: {_said(value)}" for field, value in entry.detail.items() if field not in TOLD),
        "request": entry.request_id,
    }


def _said(value: JsonValue) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
