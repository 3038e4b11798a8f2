"""Get my file in: upload, mapping with samples, preview, progress, what was refused; earlier imports always below."""

import streamlit as st

from admin_ui import figures, listing, parts, uploader, url
from admin_ui.session import here
from admin_ui.shapes.web import Listed
from admin_ui.shapes.work import Import
from admin_ui.views import one_import
from admin_ui.words import t

KINDS = ("touchpoints", "orders", "contacts", "costs")
COLUMNS = ("name", "kind", "state", "rows_n", "accepted_n", "duplicates_n", "rejected_n", "created")


def draw() -> None:
    """The page."""
    opened = url.opened("import")
    if opened:
        one_import.draw(here().read(Import, f"imports/{opened}", fresh=True))
        return
    parts.head(t("import.title"))
    earlier, rest = listing.read_pages(Listed[Import], here().path("imports"), {}, "imports")
    if here().can("imports:write"):
        _upload()
    if not earlier:
        st.caption(t("import.empty_text"))
        return
    st.header(t("import.earlier"), anchor=False)
    columns = {name: t(f"import.{name}") for name in COLUMNS}
    parts.choose_row([_row(one) for one in earlier], columns, "imports_table", [one.id for one in earlier], "import")
    listing.more("imports", len(earlier), rest)
    parts.explain("imports", t("import.how"), figures_shown=False)


def _upload() -> None:
    kind = url.choose("kind", t("import.kind"), KINDS, "touchpoints", lambda code: t(f"import.{code}"))
    st.caption(t(f"import.about_{kind}"))
    with st.container(key="upload_box", width=720):
        made = uploader.draw(kind)
    if made and made != st.session_state.get("_imported"):
        st.session_state["_imported"] = made
        here().api.cache.entries.clear()
        url.open_it("import", made)
        st.rerun(scope="app")
    samples = "\n".join(sample_of(kind))
    st.download_button(
        t("import.sample"), samples.encode("utf-8-sig"), f"{kind}-sample.csv", "text/csv", on_click="ignore",
        key="sample_file", type="tertiary", icon=":material/description:",
    )  # fmt: skip


def sample_of(kind: str) -> tuple[str, ...]:
    """A file small enough to read, with the columns that matter."""
    return {
        "touchpoints": ("time,phone,channel,placement,kind", "2026-10-01 09:30,13800000001,包裹卡,十月第一批,scan"),
        "orders": ("order_no,paid at,phone,amount,channel", "SO-1001,2026-10-02 20:15,13800000001,128.00,包裹卡"),
        "contacts": ("phone,email,tags,joined at", "13800000001,a@example.com,老客,2026-09-30 12:00"),
        "costs": ("date,channel,placement,cost", "2026-10-01,Paid ads,search-brand,350.00"),
    }[kind]


def _row(one: Import) -> dict[str, str]:
    return {
        "name": one.name,
        "kind": t(f"import.{one.kind}") if one.kind in KINDS else one.kind,
        "state": parts.state(one.state),
        "rows_n": figures.count(one.rows),
        "accepted_n": figures.count(one.accepted),
        "duplicates_n": figures.count(one.duplicates),
        "rejected_n": figures.count(one.rejected),
        "created": figures.moment(one.created_at, here().brand.timezone),
    }
