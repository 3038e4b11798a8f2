"""SQL over the files of one snapshot of one tenant, by DuckDB.

A process has one embedded database, with its threads and memory bounded, and every question its own connection to it:
what it registers lives in that connection only. A child process makes a database of its own (one that is inherited
hangs).
"""

import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args

import duckdb
import numpy as np

from core import settings
from core.attribution.days import local_days
from core.attribution.journeys import Ints
from core.errors import Unavailable
from core.insights.days import QUARTER_US, Step, steps_of
from core.insights.people import People
from core.lake.arrow import as_table
from core.lake.facts import ORDER_TYPES, TOUCH_TYPES
from core.lake.manifest import Part, Snapshot
from core.lake.parts import lake_folder, read_drops

THREADS = 2
MEMORY = "512MB"
"""For all questions of a process together; what does not fit goes to SIYU_HOME/spill."""
SQL_TYPES = {np.int8: "TINYINT", np.int16: "SMALLINT", np.int32: "INTEGER", np.int64: "BIGINT"}

Value = int | list[str]


@dataclass(frozen=True, slots=True)
class LakeQuery:
    """A connection on which `touches` and `orders` are the rows of a snapshot, with the columns of core.lake.facts."""

    connection: duckdb.DuckDBPyConnection

    def add(self, name: str, columns: Mapping[str, Ints]) -> None:
        """Make a table of this name."""
        self.connection.register(name, as_table(columns))

    def add_people(self, people: People, **columns: Ints) -> None:
        """Make the table `people` (contact, joined, channel, placement and these columns)."""
        self.add("people", {field.name: getattr(people, field.name) for field in fields(people)} | columns)

    def add_calendar(self, facts: str, *, start_us: int, end_us: int, zone: str) -> None:
        """Make the table `calendar` (quarter, day, week, month; see days.py) of all instants of `facts` (touches or
        orders) in [start_us, end_us); a fact finds its row by `ts // 900000000 = quarter`."""
        sql = f"SELECT DISTINCT ts // {QUARTER_US} AS quarter FROM {facts} WHERE ts >= $start AND ts < $until"  # noqa: S608 -- names of ours
        quarter = self.columns(sql, start=start_us, until=end_us)["quarter"].astype(np.int64)
        day = local_days(quarter * QUARTER_US, zone=zone)
        self.add("calendar", {"quarter": quarter} | {step: steps_of(day, step) for step in get_args(Step)})

    def rows(self, sql: str, **values: Value) -> list[tuple[Any, ...]]:
        """The answer as rows."""
        return self.connection.execute(sql, values or None).fetchall()

    def columns(self, sql: str, **values: Value) -> dict[str, Ints]:
        """The answer as one array a column."""
        found: dict[str, Ints] = self.connection.execute(sql, values or None).fetchnumpy()
        return found


@contextmanager
def query_lake(snapshot: Snapshot) -> Iterator[LakeQuery]:
    """A connection for one question.

    Raises:
        Unavailable: files of the lake are missing, or the question needs more memory than is given.
    """
    connection = _engine().cursor()
    try:
        _show_facts(connection, snapshot, "touches", TOUCH_TYPES)
        _show_facts(connection, snapshot, "orders", ORDER_TYPES)
        yield LakeQuery(connection)
    except (duckdb.IOException, FileNotFoundError) as error:
        raise Unavailable("Files of the lake are missing; the next flush builds it anew.") from error
    except duckdb.OutOfMemoryException as error:
        raise Unavailable("Too much is asked at once; ask again shortly, or for fewer days.") from error
    finally:
        connection.close()


def _show_facts(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, kind: str, types: Mapping[str, Any]) -> None:
    """A view of all files of a kind; rows of contacts that a later generation dropped are left out."""
    alike: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in snapshot.parts:
        if part.kind == kind:
            alike[_drops_after(snapshot, part)].append(part)
    names, selects = ", ".join(types), []
    for index, (drops, parts) in enumerate(alike.items()):
        selects.append(f"SELECT {names} FROM {_files(snapshot, parts)}")  # noqa: S608 -- names of ours
        if drops:
            gone = np.unique(np.concatenate([read_drops(snapshot.tenant_id, name) for name in drops]))
            connection.register(f"gone_{kind}_{index}", as_table({"contact": gone}))
            selects[-1] += f" ANTI JOIN gone_{kind}_{index} USING (contact)"
    if not selects:
        columns = ", ".join(f"NULL::{SQL_TYPES[one]} AS {name}" for name, one in types.items())
        selects = [f"SELECT {columns} WHERE false"]
    connection.execute(f"CREATE TEMP VIEW {kind} AS {' UNION ALL '.join(selects)}")


def _drops_after(snapshot: Snapshot, part: Part) -> tuple[str, ...]:
    return tuple(one.name for one in snapshot.of_bucket(part.bucket, "drops") if one.born > part.born)


def _files(snapshot: Snapshot, parts: list[Part]) -> str:
    """A view cannot take parameters, so the paths, which are ours, stand in it as quoted text."""
    folder = lake_folder(snapshot.tenant_id)
    paths = ", ".join("'" + str(folder / part.name).replace("'", "''") + "'" for part in parts)
    return f"read_parquet([{paths}], hive_partitioning = false)"


@dataclass
class _Embedded:
    """The database of this process."""

    process: int = 0
    home: Path | None = None
    connection: duckdb.DuckDBPyConnection | None = None
    inherited: list[duckdb.DuckDBPyConnection] = field(default_factory=list)


_embedded = _Embedded()
_lock = threading.Lock()


def _engine() -> duckdb.DuckDBPyConnection:
    home = settings.current().home
    with _lock:
        if _embedded.connection is None or (_embedded.process, _embedded.home) != (os.getpid(), home):
            options: dict[str, str | bool | int | float | list[str]] = {
                "threads": THREADS,
                "memory_limit": MEMORY,
                "temp_directory": str(home / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
            }
            if _embedded.connection is not None and _embedded.process != os.getpid():
                _embedded.inherited.append(_embedded.connection)  # closing what was inherited would hang, too
            _embedded.connection = duckdb.connect(":memory:", config=options)
            _embedded.process, _embedded.home = os.getpid(), home
        return _embedded.connection
