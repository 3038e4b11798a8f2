"""Every source from end to end, started as users start it: a demo, `siyu up`, and days lived by the simulated vendors.

Of each: a placement with its cost, people who come by it, their orders, and a row of attribution with CAC.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core import clock
from tests.servers.siyu import REPOSITORY, Running, own_environment, running_siyu, until

pytestmark = [pytest.mark.server, pytest.mark.slow]

SOURCES = ("sms", "package_card", "livestream", "short_video", "offline_store")
LIVED = 3


@dataclass(frozen=True)
class Brand:
    """The first brand of the demo, asked as its owner asks."""

    running: Running
    token: str

    def get(self, path: str) -> Any:
        """An answer of the brand's API."""
        said = httpx.get(
            f"{self.running.api}/v1/tenants/{self.id}{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=60,
            trust_env=False,
        )
        assert said.status_code == 200, said.text
        return said.json()

    @property
    def id(self) -> str:
        """Its public id."""
        said = httpx.get(
            f"{self.running.api}/v1/tenants", headers={"Authorization": f"Bearer {self.token}"}, trust_env=False
        )
        return str(next(one["id"] for one in said.json()["items"] if "Tea" in one["name"]))

    def channel(self, plugin: str) -> str:
        """The id of its channel of a plugin."""
        return str(next(one["id"] for one in self.get("/channels")["items"] if one["plugin"] == plugin))

    def rows(self) -> dict[str, dict[str, Any]]:
        """What each plugin's channel cost and brought."""
        today = clock.now().date()
        days = f"from={today - timedelta(days=60)}&to={today + timedelta(days=2)}"
        found = {row["key"]: row for row in self.get(f"/insights/costs?by=channel&{days}")["rows"]}
        return {plugin: found.get(self.channel(plugin), {}) for plugin in SOURCES}


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brand]:
    home = tmp_path_factory.mktemp("five") / "home"
    ports = {name: value for name, value in own_environment(home, {}).items() if name.endswith("_PORT")}
    made = subprocess.run(
        [sys.executable, "-m", "tests.servers.short_demo"], cwd=REPOSITORY, env=own_environment(home, ports),
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    with running_siyu(home, "--demo", settings=ports) as running:
        yield Brand(running, made.stdout.split()[-1])


@pytest.fixture(scope="module")
def lived(brand: Brand) -> dict[str, dict[str, Any]]:
    """What each source had before the days that the simulator lives, told through its control API."""
    before = {**brand.rows(), "campaigns": {"count": len(brand.get("/campaigns")["items"])}}
    simulator = f"http://127.0.0.1:{brand.running.environment['SIYU_SIMULATOR_PORT']}"
    for seed in range(LIVED):
        day = httpx.post(f"{simulator}/_control/day", json={"seed": seed}, timeout=120, trust_env=False).json()
        assert day["orders"] > 0, day
    counts = httpx.get(f"{simulator}/_control/callbacks", trust_env=False).json()
    assert counts["given_up"] == 0, counts
    return before


@pytest.mark.parametrize("plugin", SOURCES)
def test_source_brings_people_who_buy(brand: Brand, lived: dict[str, dict[str, Any]], plugin: str) -> None:
    def grew() -> bool:
        row = brand.rows()[plugin]
        return row["touchpoints"] > lived[plugin]["touchpoints"] and row["orders"] > 0 and row["cac"] is not None

    until(grew, seconds=60, otherwise=f"{plugin}: {lived[plugin]} -> {brand.rows()[plugin]}")
    row = brand.rows()[plugin]
    assert float(row["cost"]) > 0
    assert float(row["revenue"]) > 0
    assert float(row["cac"]) > 0
    if plugin != "sms":  # texts go to people who are here already
        assert row["contacts"] > 0
        assert row["cost_per_contact"] is not None


def test_simulated_operators_write_to_people(brand: Brand, lived: dict[str, dict[str, Any]]) -> None:
    campaigns = [one for one in brand.get("/campaigns")["items"] if "Daily greeting" in one["name"]]
    assert len(campaigns) == LIVED
    for one in campaigns:
        counts = one["counts"]
        assert counts.get("delivered", 0) + counts.get("accepted", 0) > 0 or one["state"] == "running"  # night there
