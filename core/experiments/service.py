"""Starting and ending experiments, and drawing people into arms, once each."""

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.lookup import family, roots_of
from core.db import find, insert_new, vault_of
from core.errors import Conflict, FieldError, Invalid
from core.experiments.drawing import draw_arm
from core.experiments.models import HELD_OUT, TREATED, Assignment, Experiment
from core.placements.models import Placement

SMALLEST, LARGEST = 0.01, 0.5
LONGEST_WINDOW = 90


def create_experiment(
    session: Session, *, placement: Placement, name: str, share: float, window_days: int
) -> Experiment:
    """Begin to hold out people from a placement. Whom it reached before is not part of it.

    Raises:
        Invalid: a share outside 1 to 50 %, a window outside 1 to 90 days.
        Conflict: the name is taken, or another experiment runs on the placement.
    """
    wrong = []
    if not SMALLEST <= share <= LARGEST:
        wrong.append(FieldError("share", "range", f"Hold out {SMALLEST:.0%} to {LARGEST:.0%} of the people."))
    if not 1 <= window_days <= LONGEST_WINDOW:
        wrong.append(FieldError("window_days", "range", f"Give 1 to {LONGEST_WINDOW} days."))
    if wrong:
        raise Invalid(fields=wrong)
    if session.scalar(sa.select(Experiment.id).where(Experiment.name == name)) is not None:
        raise Conflict(f"There is an experiment named {name} already.")
    if running_on(session, placement.number) is not None:
        raise Conflict("An experiment runs on this placement already; end it first.")
    experiment = Experiment(
        name=name, placement_number=placement.number, share=share, window_days=window_days, started_at=clock.now()
    )
    session.add(experiment)
    session.flush()
    return experiment


def end_experiment(session: Session, experiment: Experiment) -> None:
    """Draw nobody any more; who was drawn stays in the arm. Raises `Conflict` if it has ended."""
    if experiment.state == "ended":
        raise Conflict("The experiment has ended already.")
    experiment.state, experiment.ended_at = "ended", clock.now()
    session.flush()


def find_experiment(session: Session, experiment_id: str | uuid.UUID) -> Experiment:
    """One experiment by its public id. Raises `NotFound`."""
    return find(session, Experiment, experiment_id)


def list_experiments(session: Session, *, before: uuid.UUID | None = None, limit: int = 50) -> list[Experiment]:
    """Newest first."""
    query = sa.select(Experiment).order_by(Experiment.id.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(Experiment.id < before)))


def running_on(session: Session, placement: int) -> Experiment | None:
    """The experiment that runs on a placement, by its number."""
    query = sa.select(Experiment).where(Experiment.placement_number == placement, Experiment.state == "running")
    return session.scalar(query)


def draw_arms(session: Session, placement: int, contacts: Sequence[int]) -> dict[int, str]:
    """The arms of these contacts on a placement as they would be drawn now; nothing is written. Contacts that no
    experiment concerns are left out.

    Who was drawn before stays where they are; of a merged person one held-out part is enough to hold all of them out.
    """
    root = roots_of(session, contacts)
    arms = _drawn_before(session, placement, set(root.values()))
    experiment = running_on(session, placement)
    if experiment is not None:
        key = vault_of(session).derived(f"experiment|{experiment.id}")
        for person in set(root.values()) - arms.keys():
            arms[person] = draw_arm(key, person, share=experiment.share)
    return {contact: arms[root[contact]] for contact in contacts if root.get(contact) in arms}


def assign_arms(session: Session, placement: int, contacts: Sequence[int]) -> dict[int, str]:
    """Draw these contacts and keep their arms, in the caller's transaction: the window of each begins now."""
    arms = draw_arms(session, placement, contacts)
    experiment = running_on(session, placement)
    if experiment is not None and arms:
        root, now = roots_of(session, list(arms)), clock.now()
        drawn = {root[contact]: arm for contact, arm in arms.items()}
        rows = [
            {"experiment_id": experiment.id, "contact_number": person, "arm": arm, "at": now}
            for person, arm in drawn.items()
        ]
        insert_new(session, Assignment, rows, conflict=("experiment_id", "contact_number"))
    return arms


def held_out(session: Session, placement: int, contacts: Sequence[int]) -> frozenset[int]:
    """Draw these contacts; those of them who must not be reached."""
    arms = assign_arms(session, placement, contacts)
    return frozenset(contact for contact, arm in arms.items() if arm == HELD_OUT)


def _drawn_before(session: Session, placement: int, people: Collection[int]) -> dict[int, str]:
    """Arms that are kept, of ended experiments on the placement, too: who was left out once stays left out of it."""
    ids = list(session.scalars(sa.select(Experiment.id).where(Experiment.placement_number == placement)))
    if not ids:
        return {}
    person = family(session, people)
    query = sa.select(Assignment.contact_number, Assignment.arm).where(
        Assignment.experiment_id.in_(ids), Assignment.contact_number.in_(person)
    )
    arms: dict[int, str] = {}
    for number, arm in session.execute(query):
        known = arms.get(person[number])
        arms[person[number]] = HELD_OUT if HELD_OUT in (known, arm) else TREATED
    return arms
