"""The parts of a contact's page that belong to slices above: timeline, orders, consent. Each registers its own."""

from collections.abc import Callable, Collection

from pydantic import BaseModel
from sqlalchemy.orm import Session

Section = Callable[[Session, Collection[int]], list[BaseModel]]
_sections: dict[str, Section] = {}


def shows_contacts(name: str) -> Callable[[Section], Section]:
    """Decorator: add what this returns for a person's contact numbers to the page, under `name`."""

    def add(section: Section) -> Section:
        _sections[name] = section
        return section

    return add


def sections_of(session: Session, numbers: Collection[int]) -> dict[str, list[BaseModel]]:
    """All sections for the contacts that make up one person."""
    return {name: section(session, numbers) for name, section in _sections.items()}
