"""`python -m admin_ui`: makes the font when it is missing, then becomes Streamlit."""

import os
import sys
from pathlib import Path

from admin_ui import fonts, settings


def main() -> None:
    """Replace this process by the server, so that a supervisor watches the right one."""
    fonts.build()
    current = settings.current()
    script = Path(__file__).parent / "main.py"
    arguments = ["run", str(script), "--server.port", str(current.ui_port), "--server.address", current.bind]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", *arguments])  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
