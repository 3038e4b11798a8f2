"""Lake to result, against DuckDB's bare scan and window sort of the same rows, and against other packages.

`python -m benchmarks.attribution --touches 1000000,10000000[,100000000]`: touches of known truth are made, built into a
lake and attributed by the function that production calls; everything is timed in one run, each in its own process.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.attribution.measuring import in_child, tell
from benchmarks.attribution.on_spark import can_spark, spark
from benchmarks.attribution.peers import MOST_TOUCHES, PEERS, make_venv, run_peer
from benchmarks.attribution.report import Report
from benchmarks.attribution.shapes import measure_shapes, shape_table
from benchmarks.attribution.tasks import TASKS, Size

ROOT = Path(__file__).parents[2]
CHANGING = ("increment", "append")


def main() -> None:
    """All sizes, or the one task that a child is for."""
    parser = argparse.ArgumentParser(prog="benchmarks.attribution", description=__doc__.splitlines()[0])
    parser.add_argument("--touches", default="1000000,10000000", help="sizes, with commas between")
    parser.add_argument("--channels", type=int, default=10)
    parser.add_argument("--no-peers", action="store_true", help="leave the other packages out")
    parser.add_argument("--no-shapes", action="store_true", help="leave brands of awkward shape out")
    parser.add_argument("--write", type=Path, help="put the tables into this file, e.g. docs/benchmarks.md")
    parser.add_argument("--folder", type=Path, help="where the files go (default: a temporary folder)")
    parser.add_argument("--task", choices=[*TASKS, "spark"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.task:
        tell({**TASKS, "spark": spark}[asked.task](Size(int(asked.touches), asked.channels, asked.folder)))
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        report = Report()
        python = None if asked.no_peers else make_venv(Path(folder))
        for touches in asked.touches.split(","):
            home = Path(folder) / touches
            home.mkdir()
            _measure(report, Size(int(touches), asked.channels, home), python)
        if not asked.no_shapes:
            shapes = Path(folder) / "shapes"
            shapes.mkdir()
            report.shapes = shape_table(measure_shapes(shapes))
    print()
    print(report.markdown())
    if asked.write:
        report.write(asked.write)


def _measure(report: Report, size: Size, python: Path | None) -> None:
    flags = ["--touches", str(size.touches), "--channels", str(size.channels), "--folder", str(size.folder)]
    missing = can_spark()
    if missing:
        print(f"Spark is left out. {missing}")
    # Spark comes before what changes the lake: it is compared with runs that count everybody, as it does itself.
    for task in [name for name in (*TASKS, "spark") if name not in CHANGING] + list(CHANGING):
        if task == "spark" and missing:
            continue
        measured = in_child(["-m", "benchmarks.attribution", *flags, "--task", task], folder=ROOT)
        report.add(size, task, measured)
    for peer, most in MOST_TOUCHES.items() if python is not None else ():
        if size.touches <= most:
            report.add(size, peer, run_peer(python, peer, size.folder))
        else:
            print(f"{PEERS[peer]} is not asked for {size.touches:,} touches: it takes more memory than there may be.")


if __name__ == "__main__":
    main()
