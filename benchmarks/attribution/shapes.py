"""Brands of awkward shape: many channels, one contact with half of all touches, one brand beside nine small ones.

What counts is that a touch costs as much as in a plain brand, and that memory is bounded. Each has its own process.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.attribution.brand import build_lake, make_brands, make_run, open_home
from benchmarks.attribution.measuring import Measured, best_of, in_child, tell
from benchmarks.attribution.world import DAY_US, DAYS, START_US, World, write_raw

SIZES = (1_000_000, 2_000_000)
HOT_ORDERS = 1_000
SMALL_BRANDS = 9
ROOT = Path(__file__).parents[2]


def _plain(touches: int, folder: Path) -> list[int]:
    return [_write(folder / "0", touches, 10)]


def _thirty_channels(touches: int, folder: Path) -> list[int]:
    return [_write(folder / "0", touches, 30)]


def _hot_contact(touches: int, folder: Path) -> list[int]:
    """Half of all touches are one contact's, who ordered a thousand times."""
    half, random = touches // 2, np.random.default_rng(5)
    channels = _write(folder / "0", half, 10)
    columns = {
        "touches": {"channel": random.integers(1, 11, half).astype(np.int16)},
        "orders": {"value": random.integers(100, 99_999, HOT_ORDERS)},
    }
    for name, count in (("touches", half), ("orders", HOT_ORDERS)):
        file = folder / "0" / f"{name}.parquet"
        ts = START_US + random.integers(0, (DAYS - 1) * DAY_US, count)
        one = pa.table({"contact": np.full(count, 2**30, np.int32), "ts": ts, **columns[name]})
        pq.write_table(pa.concat_tables([pq.read_table(file), one]), file)
    return [channels]


def _one_large_brand(touches: int, folder: Path) -> list[int]:
    """A brand with nine tenths of all touches, and nine that share the rest."""
    large = touches * 9 // 10
    sizes = [large] + [(touches - large) // SMALL_BRANDS] * SMALL_BRANDS
    return [_write(folder / str(place), size, 10) for place, size in enumerate(sizes)]


SHAPES: Mapping[str, Callable[[int, Path], list[int]]] = {
    "a plain brand": _plain,
    "30 channels": _thirty_channels,
    "half of all touches are one contact's": _hot_contact,
    "nine tenths of all touches are one brand's, of ten": _one_large_brand,
}


def measure_shapes(folder: Path) -> dict[str, list[Measured]]:
    """Each shape, at both sizes."""
    found: dict[str, list[Measured]] = {}
    for name in SHAPES:
        for touches in SIZES:
            home = folder / f"{name} {touches}"
            home.mkdir()
            asked = ["-m", "benchmarks.attribution.shapes", name, str(touches), str(home)]
            in_child([*asked, "make"], folder=ROOT)
            found.setdefault(name, []).append(in_child([*asked, "measure"], folder=ROOT))
    return found


def shape_table(found: Mapping[str, list[Measured]]) -> str:
    """Markdown."""
    sizes = ", ".join(f"{size // 1_000_000} M" for size in SIZES)
    lines = [
        "### Brands of awkward shape",
        "",
        f"At {sizes} touches of all brands: nanoseconds of CPU a touch, and peak memory of the process that does both.",
        "",
        "| shape | build of the lake | lake to stored result | wall of the largest brand's run | peak memory |",
        "|---|---|---|---|---|",
    ]
    for name, sized in found.items():
        build = ", ".join(f"{one.told['build'] / size * 1e9:.0f} ns" for one, size in zip(sized, SIZES, strict=True))
        run = ", ".join(f"{one.cpu / size * 1e9:.0f} ns" for one, size in zip(sized, SIZES, strict=True))
        wall = ", ".join(f"{one.told['wall']:.2f} s" for one in sized)
        peak = ", ".join(f"{one.peak:.2f} GB" for one in sized)
        lines.append(f"| {name} | {build} | {run} | {wall} | {peak} |")
    return "\n".join(lines) + "\n"


def _write(folder: Path, touches: int, channels: int) -> int:
    folder.mkdir()
    write_raw(World.of(channels), touches, folder)
    return channels


def _make(name: str, touches: int, home: Path) -> Measured:
    channels = SHAPES[name](touches, home)
    make_brands(home, channels=channels)
    return Measured(0.0, 0.0, told={"channels": channels})


def _measure(home: Path) -> Measured:
    open_home(home)
    raw = sorted((path for path in home.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))
    built, runs, wall = 0.0, Measured(0.0, 0.0), 0.0
    for tenant, files in enumerate(raw, 1):
        one, _ = best_of(1, lambda: build_lake(tenant, files))  # noqa: B023 -- called at once
        built += one.cpu
    for tenant in range(1, len(raw) + 1):
        one, _ = best_of(3, lambda: make_run(tenant))  # noqa: B023 -- called at once
        runs, wall = runs + one, max(wall, one.wall)
    runs.told = {"build": built, "wall": wall}
    return runs


if __name__ == "__main__":
    shape, size, place, part = sys.argv[1:]
    tell(_make(shape, int(size), Path(place)) if part == "make" else _measure(Path(place)))
