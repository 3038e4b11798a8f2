"""A supervisor over one toy service that leaves a grandchild in a process group of its own, as a job's fork does.

Run as `python toy.py <home>`; each start of the service appends the numbers of both processes to `<home>/starts`.
"""

import os
import sys
from pathlib import Path

from core.ops import home as homes
from core.ops.supervisor import Service, Supervisor

SERVICE = """
import os, signal, sys, time
grandchild = os.fork()
if grandchild == 0:
    os.setpgrp()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    with open(sys.argv[1], "a") as starts:
        starts.write(f"{os.getpid()} {grandchild}\\n")
time.sleep(600)
"""


def main(home: Path) -> None:
    """Supervise until told to stop."""
    homes.prepare(home)
    with homes.locked(home) as lock:
        supervisor = Supervisor(home=home, lock=lock, say=print)
        starts = home / "starts"
        command = [sys.executable, "-c", SERVICE, str(starts)]
        supervisor.start(Service("toy", command, dict(os.environ), is_ready=starts.is_file))
        try:
            supervisor.wait_until_ready()
            supervisor.run()
        finally:
            supervisor.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
