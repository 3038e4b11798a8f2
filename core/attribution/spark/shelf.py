"""Journeys that a first pass leaves on the executor's disk for the second, which else reads and matches all again.

They are small (only journeys that led to orders, without instants), and nothing depends on them: a second pass that
finds none, because it runs on another machine, reads the lake.
"""

import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path

from core.attribution.journeys import Journeys
from core.db import new_id


@dataclass(frozen=True, slots=True)
class Shelf:
    """room: a folder that goes with the executor; run: whose journeys these are."""

    room: Path
    run: str

    def clear_others(self) -> None:
        """Remove what earlier runs left."""
        for other in self.room.glob("journeys-*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def put(self, number: int, journeys: Journeys) -> None:
        """Keep those of some sources."""
        self._folder.mkdir(exist_ok=True)
        unfinished = self._folder / new_id().hex
        with unfinished.open("wb") as file:
            pickle.dump(journeys, file, protocol=pickle.HIGHEST_PROTOCOL)
        unfinished.replace(self._folder / str(number))

    def get(self, number: int) -> Journeys | None:
        """The same, if they are here."""
        try:
            with (self._folder / str(number)).open("rb") as file:
                journeys: Journeys = pickle.load(file)  # noqa: S301 - written by `put` in a folder of this user
        except FileNotFoundError:
            return None
        return journeys

    @property
    def _folder(self) -> Path:
        return self.room / f"journeys-{self.run}"
