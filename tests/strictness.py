"""With SIYU_REQUIRE_ALL set (in CI), a test left out for want of a tool fails the run instead of passing unseen."""

import os

import pytest

_left_out: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped; an expected failure counts as skipped too, and is fine."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _left_out.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn skipped tests into a failed run. Workers of xdist report to the controller, which decides."""
    is_worker = hasattr(session.config, "workerinput")
    if _left_out and os.environ.get("SIYU_REQUIRE_ALL") and not is_worker:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why the run failed."""
    if _left_out and os.environ.get("SIYU_REQUIRE_ALL"):
        terminalreporter.write_line(f"SIYU_REQUIRE_ALL is set, and {len(_left_out)} tests were left out.", red=True)
