"""What a full run leaves for the runs after it: its sums, in one file. A cache; whatever is wrong with it, a full run
makes it anew."""

import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.attribution.patterns import Patterns
from core.attribution.sums import Sums
from core.attribution.tails import Tails
from core.attribution.tally import Tally
from core.attribution.upstream import Above
from core.lake.arrays import map_arrays, write_arrays
from core.lake.manifest import Part, Snapshot
from core.lake.parts import lake_folder

Arrays = dict[str, NDArray[Any]]


def kept_path(tenant_id: int, question: str) -> Path:
    """Where the newest full run of a question leaves its sums."""
    return lake_folder(tenant_id) / "runs" / f"{question}.arrow"


@dataclass(frozen=True, slots=True, eq=False)
class KeptRun:
    """run: its id; taken_us: when it took its snapshot; contacts: about how many the lake had; tally: all its sums;
    patterns: of its orders' journeys, in blocks; alive: touches of orders, and of orders worth something, by cell;
    met: touches of all journeys by cell; above: the inviters it went by, where `upstream` was asked for; tails: of all
    contacts, where journeys only grow."""

    run: str
    taken_us: int
    snapshot: Snapshot
    contacts: int
    tally: Tally
    patterns: tuple[Patterns, ...]
    alive: Sums
    met: Sums
    above: Above | None
    tails: Tails | None


def write_kept(path: Path, kept: KeptRun) -> None:
    """Under this name, instead of what was there."""
    arrays: Arrays = {"tally": np.frombuffer(kept.tally.to_bytes(), np.uint8)}
    arrays |= _counts("alive", kept.alive) | _counts("met", kept.met)
    for number, block in enumerate(kept.patterns):
        arrays |= _columns(f"patterns {number}", block)
    if kept.above is not None:
        arrays |= _columns("above", kept.above)
    if kept.tails is not None:
        arrays |= _columns("tails", kept.tails)
    note = {
        "run": kept.run,
        "taken_us": kept.taken_us,
        "contacts": kept.contacts,
        "snapshot": asdict(kept.snapshot),
        "blocks": len(kept.patterns),
        "shapes": {name: array.shape for name, array in arrays.items() if array.ndim > 1},
        "digest": digest_of(arrays),
    }
    write_arrays(path, {name: array.ravel() for name, array in arrays.items()}, note=json.dumps(note))


def read_kept(path: Path) -> tuple[KeptRun, Future[bool]]:
    """What `write_kept` put there, and whether it is as it was written: another thread looks at all of it meanwhile.

    Raises:
        OSError, ValueError, KeyError, TypeError: there is none, or it is damaged.
    """
    arrays, text = map_arrays(path)
    note = json.loads(text)
    checker = ThreadPoolExecutor(1, thread_name_prefix="kept")
    is_whole = checker.submit(_is_whole, dict(arrays), note["digest"])
    checker.shutdown(wait=False)
    arrays |= {name: arrays[name].reshape(shape) for name, shape in note["shapes"].items()}
    parts = tuple(Part(**part) for part in note["snapshot"].pop("parts"))
    kept = KeptRun(
        note["run"],
        note["taken_us"],
        Snapshot(**note["snapshot"], parts=parts),
        note["contacts"],
        Tally.from_bytes(arrays["tally"].tobytes()),
        tuple(Patterns(**_of_columns(f"patterns {number}", Patterns, arrays)) for number in range(note["blocks"])),
        _of_counts("alive", arrays, rows=2),
        _of_counts("met", arrays, rows=1),
        Above(**_of_columns("above", Above, arrays)) if "above person" in arrays else None,
        Tails(**_of_columns("tails", Tails, arrays)) if "tails channel" in arrays else None,
    )
    return kept, is_whole


def digest_of(arrays: Mapping[str, NDArray[Any]]) -> int:
    """A sum over all bytes, eight at a time, that tells whether they are as they were written: not against an enemy,
    but quicker than reading them from the disk."""
    added = (_added_up(arrays[name]) for name in sorted(arrays))
    return sum(place * one for place, one in enumerate(added, 1)) % 2**63


def _is_whole(arrays: Arrays, digest: int) -> bool:
    return digest_of(arrays) == digest


def _added_up(array: NDArray[Any]) -> int:
    raw = array.ravel().view(np.uint8)
    words = raw[: len(raw) // 8 * 8].view(np.uint64)
    return int(words.sum(dtype=np.uint64)) + int(raw[len(words) * 8 :].sum()) + len(raw)


def _columns(name: str, record: Patterns | Above | Tails) -> Arrays:
    return {f"{name} {field.name}": getattr(record, field.name) for field in fields(record)}


def _of_columns(name: str, kind: type[Patterns] | type[Above] | type[Tails], arrays: Arrays) -> Arrays:
    return {field.name: arrays[f"{name} {field.name}"] for field in fields(kind)}


def _counts(name: str, sums: Sums) -> Arrays:
    return {f"{name} key": sums.key, f"{name} counts": sums.counts.ravel()}


def _of_counts(name: str, arrays: Arrays, *, rows: int) -> Sums:
    key = arrays[f"{name} key"]
    return Sums(key, arrays[f"{name} counts"].reshape(rows, len(key)), np.empty((0, len(key))))
