"""Other packages, in a venv of their own that is made for the run and thrown away: no dependency, never imported."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.attribution.measuring import Measured, in_child

PACKAGES = ("ChannelAttribution", "matplotlib", "marketing-attribution-models", "duckdb", "pyarrow")
"""ChannelAttribution needs matplotlib without saying so; the last two read the raw files and aggregate them."""
PEERS = {"channel_attribution": "ChannelAttribution", "marketing_attribution_models": "marketing-attribution-models"}
MOST_TOUCHES = {"channel_attribution": 50_000_000, "marketing_attribution_models": 20_000_000}
"""What they are asked for: the second takes half a gigabyte for a million touches."""
ROOT = Path(__file__).parents[2]


def make_venv(folder: Path) -> Path | None:
    """The Python of a venv with the packages; none, said in a line, where they cannot be had."""
    home = folder / "venv"
    python = home / "bin" / "python"
    uv = shutil.which("uv") or (str(ROOT / ".uv/bin/uv") if (ROOT / ".uv/bin/uv").exists() else None)
    if uv:
        steps = [
            [uv, "venv", "--quiet", "--python", sys.executable, str(home)],
            [uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", str(home)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
        ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            print(f"Other packages are left out, since they could not be installed (is the index reachable?): {why}")
            return None
    return python


def run_peer(python: Path, peer: str, folder: Path) -> Measured:
    """One package on these raw files."""
    return in_child([str(Path(__file__).parent / "peer.py"), peer, str(folder)], folder=folder, python=str(python))


def largest_difference(told: dict[str, Any], ours: dict[str, Any]) -> dict[str, float]:
    """Ours against theirs, relative to the largest figure of each kind; kinds that they do not have are left out."""
    found = {}
    for kind in ("conversions", "value"):
        at = ("conversions", "value").index(kind)
        pairs = [(row[at], ours["credit"][key][at]) for key, row in told["credit"].items() if row[at] is not None]
        if pairs:
            found[f"heuristics, {kind}"] = max(abs(a - b) for a, b in pairs) / max(b for _, b in pairs)
    if "removal" in told:
        pairs = [(effect, ours["removal"][int(name) - 1]) for name, effect in told["removal"].items()]
        found["removal effects"] = max(abs(a - b) for a, b in pairs)
    if "chances" in told:
        known = {tuple(row[:2]): row[2] for row in ours["chances"]}
        found["transition matrix"] = max(abs(row[2] - known.get(tuple(row[:2]), 0)) for row in told["chances"])
    if "markov" in told:
        total = sum(told["markov"].values())
        theirs = {name: credit / total for name, credit in told["markov"].items()}
        whole = sum(ours["removal"])
        found["simulated Markov, L1 of shares"] = sum(
            abs(share - ours["removal"][int(name) - 1] / whole) for name, share in theirs.items()
        )
    return found
