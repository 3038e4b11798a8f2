"""The watchman: a small process that ends the supervisor's children when the supervisor cannot.

It reads `+<session>` and `-<session>` lines from its standard input. The end of that input means that the supervisor
is gone, however it died; then the sessions still on the list are ended. It is needed because the kernel tells only
direct children of their parent's death (and on macOS nobody), not the processes those have started.
"""

import signal
import subprocess
import sys

from core.ops.sessions import end_sessions

GRACE_SECONDS = 3.0


class Watchman:
    """The supervisor's side: the watchman's list, written to as children come and go."""

    def __init__(self, *, keep_open: int) -> None:
        """Start it; it keeps the descriptor `keep_open` (the lock on the home) until its work is done."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "core.ops.watchman"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[keep_open],
            bufsize=0,  # nothing is kept that closing would try to write to a dead one
        )

    @property
    def ear(self) -> int:
        """The descriptor that it listens at."""
        assert self.process.stdin
        return self.process.stdin.fileno()

    def note_started(self, session: int) -> None:
        """Put a session on the list, if it has not done so itself."""
        self._write(f"+{session}\n")

    def note_ended(self, session: int) -> None:
        """Take a session off the list."""
        self._write(f"-{session}\n")

    def is_alive(self) -> bool:
        """Whether it still watches."""
        return self.process.poll() is None

    def dismiss(self) -> None:
        """Close its input: it ends what is left on its list, usually nothing, and leaves."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()

    def _write(self, line: str) -> None:
        try:
            if self.process.stdin:
                self.process.stdin.write(line.encode())
        except BrokenPipeError:
            pass  # it died; the supervisor starts another and tells it the whole list


def main() -> None:
    """Keep the list until the supervisor is gone, then end what is on it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sessions: dict[int, None] = {}
    for line in sys.stdin:
        sign, session = line[0], int(line[1:])
        if sign == "+":
            sessions[session] = None
        else:
            sessions.pop(session, None)
    end_sessions(list(sessions), grace=GRACE_SECONDS)


if __name__ == "__main__":
    main()
