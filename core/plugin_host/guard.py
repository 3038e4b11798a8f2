"""The one guarded place that runs a plugin's code: bounded in time, whatever it raises contained."""

import contextvars
import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Overrun(Exception):
    """The call did not come back in time; its `thread` is left behind, stuck at `place`."""

    def __init__(self, thread: threading.Thread) -> None:
        self.thread = thread
        self.place = where_stuck(thread)
        super().__init__(self.place)


class Escaped(Exception):
    """The call raised; `cause` is what it raised, even SystemExit."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class _Run(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self.work = work
        self.result: list[T] = []
        self.cause: BaseException | None = None

    def __call__(self) -> None:
        try:
            self.result.append(self.work())
        except BaseException as cause:  # noqa: BLE001 - the guarded plugin call: sys.exit() must not end the host
            self.cause = cause


def run_guarded(work: Callable[[], T], *, seconds: float, name: str) -> T:
    """Run `work` in a thread of its own and wait at most `seconds`. Raises `Overrun` or `Escaped`, nothing else.

    A thread cannot be killed: after an overrun it lives on as a daemon, so `work` must not touch anything of the
    caller's afterwards. A thread a call (not a pool) keeps this safe after a fork.
    """
    run = _Run(work)
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(run,), name=f"plugin {name}", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise Overrun(thread)
    if run.cause is not None:
        raise Escaped(run.cause)
    return run.result[0]


def where_stuck(thread: threading.Thread) -> str:
    """File and line that a hanging thread is in, for the log."""
    frame = sys._current_frames().get(thread.ident or 0)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "just ending"


def where_raised(cause: BaseException) -> str:
    """File and line of the innermost frame of an exception; its text is left out, it may repeat personal data."""
    trace = cause.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(cause).__name__
    return f"{type(cause).__name__} at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
