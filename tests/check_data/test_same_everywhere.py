"""The sample file through the pages, the API and the command line into three brands: one attribution, to 1e-9."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from core.attribution.commands import attribute
from tests.browser.steps import bring_file, figures_of, invite_owner, make_brand, sign_in
from tests.servers.siyu import REPOSITORY, Running, running_siyu

pytestmark = [pytest.mark.sample_data, pytest.mark.browser, pytest.mark.server, pytest.mark.slow]

MODELS = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped", "markov")
WAYS = ("a pages", "b api", "c command")  # the pages open the first brand by name
Credits = dict[tuple[str, str], tuple[float, float]]


class Owner:
    """The owner of the agency at the API."""

    def __init__(self, platform: Running, token: str) -> None:
        self.http = httpx.Client(base_url=platform.api, headers={"Authorization": f"Bearer {token}"}, timeout=120)

    def ask(self, method: str, path: str, **options: Any) -> Any:
        said = self.http.request(method, path, **options)
        assert said.status_code < 400, said.text
        return said.json()

    def brand(self, name: str) -> str:
        return next(f"/v1/tenants/{t['id']}" for t in self.ask("GET", "/v1/me")["tenants"] if t["name"] == name)

    def wait_for(self, path: str, *states: str) -> dict[str, Any]:
        """Ask until it is in one of these states."""
        for _ in range(600):
            shown: dict[str, Any] = self.ask("GET", path)
            if shown["state"] in states:
                return shown
            time.sleep(0.5)
        raise AssertionError(f"{path} is still {shown['state']}")


@pytest.fixture(scope="module")
def sample() -> Path:
    folder = os.environ.get("SIYU_SAMPLE_DATA")
    if not folder:
        pytest.skip("SIYU_SAMPLE_DATA is not set")
    return Path(folder) / "touchpoints_62k.csv"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_siyu(tmp_path_factory.mktemp("same") / "home") as running:
        yield running


def test_three_ways_in_are_one_attribution(browser: Browser, platform: Running, sample: Path) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1400}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(180_000)
    sign_in(page, platform, invite_owner(platform))
    make_brand(page, platform, "a pages")
    owner = Owner(platform, next(c["value"] for c in context.cookies() if c["name"] == "siyu"))
    for name in WAYS[1:]:
        owner.ask("POST", "/v1/tenants", json={"name": name, "timezone": "UTC", "currency": "CNY"})
    for turn in range(2):
        page.goto(f"{platform.pages}/import?brand={owner.brand('a pages').rsplit('/', 1)[1]}")
        bring_file(page, platform, sample)
        _import_by_api(owner, sample)
        _import_by_command(platform, sample)
        for way in WAYS:
            _check_import(owner, way, is_first=turn == 0)
    assert figures_of(page, "import_tiles")
    found = {way: _credits(owner, way) for way in WAYS}
    owner.http.close()
    context.close()
    expected = _credits_of_file(sample)
    for credits in found.values():
        assert credits.keys() == expected.keys()
        for key, figures in expected.items():
            assert credits[key] == pytest.approx(figures, rel=1e-9, abs=1e-9)


def _import_by_api(owner: Owner, sample: Path) -> None:
    brand = owner.brand("b api")
    with sample.open("rb") as file:
        made = owner.ask("POST", f"{brand}/imports?kind=touchpoints&name=sample.csv", content=file.read())
    owner.ask("PUT", f"{brand}/imports/{made['id']}", json={"mapping": made["mapping"], "create_channels": True})
    owner.ask("POST", f"{brand}/imports/{made['id']}/start")


def _import_by_command(platform: Running, sample: Path) -> None:
    command = [sys.executable, "-m", "core.cli", "import", "touchpoints", str(sample)]
    command += ["--tenant", "c command", "--create-channels"]
    done = subprocess.run(command, cwd=REPOSITORY, env=dict(platform.environment), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _check_import(owner: Owner, way: str, *, is_first: bool) -> None:
    """The file's newest import: all taken the first time, nothing the second."""
    brand = owner.brand(way)
    newest = owner.ask("GET", f"{brand}/imports?limit=1")["items"][0]
    shown = owner.wait_for(f"{brand}/imports/{newest['id']}", "done", "failed")
    taken = (shown["touchpoints"], shown["orders"], shown["duplicates"], shown["rejected"])
    assert taken == ((62_483, 1_838, 0, 0) if is_first else (0, 0, 62_483, 0)), shown


def _credits(owner: Owner, way: str) -> Credits:
    """All-time credits of a brand by model and channel name, without channels that got none."""
    brand = owner.brand(way)
    run = owner.ask(
        "POST", f"{brand}/attribution/runs", json={"from": "2018-01-01", "to": "2019-01-01", "models": list(MODELS)}
    )
    owner.wait_for(f"{brand}/attribution/runs/{run['id']}", "done", "failed")
    shown = owner.ask("GET", f"{brand}/attribution/credits?run={run['id']}&models={','.join(MODELS)}&by=channel")
    totals = {total["model"]: (total["conversions"], total["value"]) for total in shown["totals"]}
    assert totals == {model: pytest.approx((1838, 11423.50), rel=1e-9) for model in MODELS}
    return {
        (row["model"], row["name"]): (row["conversions"], row["value"])
        for row in shown["rows"]
        if row["conversions"] or row["value"]
    }


def _credits_of_file(sample: Path) -> Credits:
    """The same from `siyu attribute`, with no server."""
    arguments = ["--touchpoints", str(sample), "--orders", str(sample), "--orders-where", "interaction=conversion"]
    arguments += [part for model in MODELS for part in ("--model", model)]
    result = CliRunner().invoke(attribute, arguments)
    assert result.exit_code == 0, result.output
    rows = csv.DictReader(result.stdout.splitlines())
    credits = {(r["model"], r["channel"]): (float(r["conversions"]), float(r["value"])) for r in rows if r["channel"]}
    return {key: figures for key, figures in credits.items() if any(figures)}
