"""What is told in misbehaviours.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Misbehaviour:
    """A change of one file of a good plugin, and the rule that must find it."""

    name: str
    rule: str
    file: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Sending:
    """A way to send one message; the first rule that it breaks, none for a good one."""

    name: str
    rule: str
    body: str


SENDER = '''
    def deliver(self, messages, settings):
        """Send one by one."""
        for message in messages:
            {body}
'''
TOLD = tomllib.loads((Path(__file__).parent / "misbehaviours.toml").read_text("utf-8"))
BAD = tuple(Misbehaviour(**one) for one in TOLD["bad"])
SENDS = tuple(Sending(**one) for one in TOLD["send"])
