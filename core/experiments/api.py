"""Experiments over HTTP: begin, end, see what they measured, ask who may be shown a placement."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core.audit.service import record as note
from core.contacts.identities import BadIdentity, IdentityClaim, normalise
from core.contacts.keys import key_of
from core.contacts.lookup import holders
from core.db import parse_id, reading, vault_of, writing
from core.errors import Conflict, FieldError, Invalid
from core.experiments import service
from core.experiments.measuring import measure
from core.experiments.models import Experiment
from core.experiments.shapes import (
    ExperimentPath,
    ExperimentShown,
    NewExperiment,
    PeopleNamed,
    SomebodyNamed,
    show_experiment,
)
from core.placements.models import Placement
from core.placements.service import find_placement
from core.tenants.service import tenant_now
from core.web import PageQuery, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("experiments", __name__, url_prefix="/v1/tenants/<tenant>/experiments")


@api.get("")
@needs("attribution:read")
def list_experiments(path: TenantPath, query: PageQuery) -> Response:
    """Experiments, newest first, with what they measured so far."""
    after = query.after()
    with reading(bound_tenant()) as session:
        rows = service.list_experiments(session, before=parse_id(after) if after else None, limit=query.limit + 1)
        return answer(page_of(rows, query, lambda row: row.id, lambda row: show(session, row)))


@api.post("")
@needs("attribution:write")
def create_experiment(path: TenantPath, body: NewExperiment) -> Response:
    """Hold out a share of the people from a placement, from now on."""
    with writing(bound_tenant()) as session:
        placement = find_placement(session, body.placement_id)
        made = service.create_experiment(
            session, placement=placement, name=body.name, share=body.share, window_days=body.window_days
        )
        note(session, "experiment.started", f"experiment:{made.id}", {"share": body.share})
        return answer(show(session, made), 201)


@api.get("/<experiment>")
@needs("attribution:read")
def get_experiment(path: ExperimentPath) -> Response:
    """One experiment, its lift, and a verdict."""
    with reading(bound_tenant()) as session:
        return answer(show(session, service.find_experiment(session, path.experiment)))


@api.post("/<experiment>/end")
@needs("attribution:write")
def end_experiment(path: ExperimentPath) -> Response:
    """Draw nobody any more; those drawn are measured until their windows have passed."""
    with writing(bound_tenant()) as session:
        experiment = service.find_experiment(session, path.experiment)
        service.end_experiment(session, experiment)
        note(session, "experiment.ended", f"experiment:{experiment.id}")
        return answer(show(session, experiment))


@api.post("/<experiment>/assignments")
@needs("campaigns:write")
def assign_people(path: ExperimentPath, body: PeopleNamed) -> Response:
    """Ask before showing: the arm of each person, who is drawn by asking. `arm` is null for somebody nobody knows:
    show it, they are not part of the experiment. Campaigns ask by themselves."""
    with writing(bound_tenant()) as session:
        experiment = service.find_experiment(session, path.experiment)
        if experiment.state != "running":
            raise Conflict("The experiment has ended: nobody is drawn any more.")
        found = _find_people(session, body.people)
        known = [number for number in found if number is not None]
        arms = service.assign_arms(session, experiment.placement_number, known)
        items = [{"arm": arms.get(number) if number is not None else None} for number in found]
        return answer({"items": items, "next": None})


def show(session: Session, experiment: Experiment) -> ExperimentShown:
    """An experiment as of now."""
    placement = session.scalars(sa.select(Placement).where(Placement.number == experiment.placement_number)).one()
    return show_experiment(experiment, measure(session, experiment), placement, currency=tenant_now(session).currency)


def _find_people(session: Session, people: Sequence[SomebodyNamed]) -> list[int | None]:
    vault, keys = vault_of(session), []
    for i, one in enumerate(people):
        try:
            keys.append(key_of(vault, normalise(IdentityClaim(one.kind, one.value, one.app))))
        except BadIdentity as refusal:
            fields = [FieldError(f"people.{i}.{field.path}", field.code, field.message) for field in refusal.fields]
            raise Invalid(refusal.message, fields=fields) from None
    held = holders(session, keys)
    return [held[key].root if key in held and held[key].root_joined_at is not None else None for key in keys]
