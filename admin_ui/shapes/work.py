"""Long work: jobs and imports."""

from datetime import datetime

from pydantic import JsonValue

from admin_ui.shapes.web import Shape

BUSY = frozenset({"ready", "queued", "running"})


class Progress(Shape):
    """How far long work is; the total may be unknown."""

    done: int = 0
    total: int | None = None

    @property
    def part(self) -> float:
        """Between 0 and 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class Job(Shape):
    """One job."""

    id: str
    kind: str = ""
    state: str = ""
    queue: str = ""
    attempt: int = 0
    errors: int = 0
    crashes: int = 0
    cancel_asked: bool = False
    next_try_at: datetime | None = None
    result: dict[str, JsonValue] | None = None
    progress: Progress = Progress()
    age_seconds: float = 0
    error: str | None = None
    created_at: datetime | None = None
    finished_at: datetime | None = None


class JobSummary(Shape):
    """How many jobs are in each state."""

    states: dict[str, int] = {}


class Column(Shape):
    """A column of a file, with some of its values."""

    name: str
    samples: list[str] = []


class FieldChoice(Shape):
    """What a column may be chosen as."""

    key: str
    zh: str = ""
    en: str = ""
    required: bool = False


class Condition(Shape):
    """Which rows are taken."""

    column: str
    op: str = "eq"
    value: str = ""


class Import(Shape):
    """One import: in the list without, on its page with columns and mapping."""

    id: str
    kind: str = ""
    name: str = ""
    state: str = ""
    rows: int = 0
    skipped: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    touchpoints: int = 0
    orders: int = 0
    created_at: datetime | None = None
    finished_at: datetime | None = None
    job: Job | None = None
    encoding: str = ""
    delimiter: str = ""
    columns: list[Column] = []
    fields: list[FieldChoice] = []
    mapping: dict[str, str] = {}
    defaults: dict[str, str | None] = {}
    row_filter: list[Condition] = []
    create_channels: bool = False


class Said(Shape):
    """A finding of the preview in both languages."""

    line: int | None = None
    path: str = ""
    code: str = ""
    zh: str = ""
    en: str = ""


class UnknownChannel(Shape):
    """A channel name of the file that the brand does not have."""

    name: str
    rows: int = 0


class PreviewOrder(Shape):
    """The order a row would become."""

    order_no: str | None = None
    amount: str = ""
    currency: str = ""
    state: str | None = None


class PreviewCost(Shape):
    """The cost a row would become."""

    day: str = ""
    amount: str = ""
    currency: str = ""


class Masked(Shape):
    """Who a row is about, masked."""

    kind: str = ""
    masked: str = ""


class PreviewRow(Shape):
    """One row as it would be stored."""

    line: int = 0
    at: datetime | None = None
    channel: str | None = None
    placement: str | None = None
    touchpoint: str | None = None
    order: PreviewOrder | None = None
    cost: PreviewCost | None = None
    who: list[Masked] = []


class Preview(Shape):
    """The first rows, and what stands in the way."""

    rows: list[PreviewRow] = []
    rejected: list[Said] = []
    rejected_count: int = 0
    unknown_channels: list[UnknownChannel] = []
    problems: list[Said] = []
    rows_read: int = 0
    rows_taken: int = 0
