"""What was measured, as lines while it runs and as Markdown tables at the end."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.attribution.measuring import Measured
from benchmarks.attribution.on_spark import spark_line
from benchmarks.attribution.peers import PEERS, largest_difference
from benchmarks.attribution.tasks import STAGES, Size

NAMES = {
    "build": "lake from the raw files",
    "run": "**lake to stored result: seven heuristics, Markov 1 and 2, Shapley**",
    "scan": "DuckDB, scan of four columns of the lake",
    "append": "append of 100,000 touches over all buckets, durable and published",
    "sort": "DuckDB, `row_number() over (partition by contact order by ts)` on the raw rows",
} | {peer: f"{name}, from raw touches" for peer, name in PEERS.items()}
BEGIN, END = "<!-- attribution: begin -->", "<!-- attribution: end -->"


class Report:
    """Figures of all sizes, in the order they come."""

    def __init__(self) -> None:
        self.found: dict[Size, dict[str, Measured]] = {}
        self.shapes = ""

    def add(self, size: Size, task: str, measured: Measured) -> None:
        """Keep it, and say it."""
        self.found.setdefault(size, {})[task] = measured
        figures = f"{measured.wall:8.2f} s wall {measured.cpu:8.2f} s CPU {measured.peak:6.2f} GB"
        print(f"{size.touches:>11,}  {figures}  {NAMES.get(task, task)}", flush=True)

    def markdown(self) -> str:
        """All tables."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        libraries = f"numpy {np.__version__}, pyarrow {pa.__version__}, DuckDB {duckdb.__version__}"
        machine = f"{_processor()}, {cores} cores, {platform.system()}; Python {platform.python_version()}, {libraries}"
        lines = [f"{datetime.now(UTC):%Y-%m-%d}, {machine}.", ""]
        for size, found in self.found.items():
            lines += [*_size_table(size, found), "", *_ratios(found), "", _stages(found["stages"]), ""]
            lines += [*_increment_lines(found["increment"]), ""]
            lines += [spark_line(found["spark"]), ""] if "spark" in found else []
            lines += _peer_lines(found)
        if self.shapes:
            lines.append(self.shapes)
        return "\n".join(lines).rstrip() + "\n"

    def write(self, path: Path) -> None:
        """Between the marks in this file, or at its end."""
        text = path.read_text() if path.exists() else "# Benchmarks\n"
        block = f"{BEGIN}\n{self.markdown()}{END}\n"
        if BEGIN in text:
            before, rest = text.split(BEGIN, 1)
            path.write_text(before + block + rest.split(END, 1)[1].lstrip("\n"))
        else:
            path.write_text(f"{text.rstrip()}\n\n## Attribution\n\n{block}")


def _size_table(size: Size, found: dict[str, Measured]) -> list[str]:
    told = found["run"].told
    title = f"### {size.touches:,} touches, {size.channels} channels"
    made = f"{told['journeys']:,} journeys, {told['orders']:,} orders, {found['build'].told['buckets']} buckets."
    rows = [
        f"| {NAMES[task]} | {one.wall:.2f} s | {one.cpu:.2f} s | {one.peak:.2f} GB |"
        for task, one in found.items()
        if task in NAMES
    ]
    return [title, "", made, "", "| what | wall | CPU | peak memory |", "|---|---|---|---|", *rows]


def _ratios(found: dict[str, Measured]) -> list[str]:
    ours = found["run"]
    off = ", ".join(f"{model} {distance:.4f}" for model, distance in ours.told["off"].items())
    sort, scan = found["sort"], found["scan"]
    return [
        f"- {ours.wall / sort.wall:.2f}x the wall ({ours.cpu / sort.cpu:.2f}x the CPU) of DuckDB's window sort; "
        f"{ours.wall / scan.wall:.1f}x the wall ({ours.cpu / scan.cpu:.1f}x the CPU) of its scan",
        f"- distance (L1) of the shares from the known truth: {off}",
    ]


def _increment_lines(measured: Measured) -> list[str]:
    told = measured.told
    if told["contacts"] is None:
        return ["- 100,000 new touches are of too many of the contacts here: the run counted everybody again"]
    (wall, cpu), (keeping, _) = told["full"], told["keeping"]
    beside = (
        f"{wall:.2f} s and {cpu:.2f} s for everybody, in turns ({measured.wall / wall:.0%}, {measured.cpu / cpu:.0%})"
    )
    left = f"{told['kept'] / 1e6:.0f} MB of sums and {told['opened'] / 1e6:.0f} MB of rows laid open"
    return [
        f"- 100,000 new touches, counting their {told['contacts']:,} contacts only: {measured.wall:.2f} s wall, "
        f"{measured.cpu:.2f} s CPU beside {beside}; largest difference {told['apart']:.0e} of a model's total. "
        f"The full run before left {left} for it in {keeping:.1f} s"
    ]


def _stages(measured: Measured) -> str:
    parts = ", ".join(f"{name} {measured.told[name] / measured.cpu:.0%}" for name in STAGES)
    return f"- where {measured.cpu:.2f} s of one core go: {parts}"


def _peer_lines(found: dict[str, Measured]) -> list[str]:
    lines = []
    raw = found["build"] + found["run"]
    for peer, name in PEERS.items():
        if peer in found:
            one = found[peer]
            equal = largest_difference(one.told, found["run"].told)
            apart = ", ".join(f"{what} {difference:.1e}" for what, difference in equal.items())
            first = one.told["aggregation"]["cpu"]
            lines.append(
                f"- {name} takes {one.cpu / raw.cpu:.1f}x our CPU from raw file to result and "
                f"{one.cpu / found['run'].cpu:.0f}x our CPU from the lake (of its {one.cpu:.1f} s, {first:.1f} s are "
                f"DuckDB's aggregation to {one.told['paths']:,} paths); largest differences: {apart}"
            )
    return [*lines, ""] if lines else []


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
