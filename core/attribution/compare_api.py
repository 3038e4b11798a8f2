"""Two runs side by side, and a run made again, over HTTP."""

from flask import Response
from flask_openapi3 import APIBlueprint

from core.attribution.comparing import compare_runs
from core.attribution.repeating import repeat_run
from core.attribution.runs import find_run
from core.attribution.shapes.comparison import CompareQuery
from core.attribution.shapes.runs import Again, RunPath, show_run
from core.attribution.tables import split_names
from core.db import reading, writing
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("attribution_compare", __name__, url_prefix="/v1/tenants/<tenant>")


@api.get("/attribution/compare")
@needs("attribution:read")
def compare(path: TenantPath, query: CompareQuery) -> Response:
    """Two runs side by side: what they were asked, what each says, and the differences."""
    with reading(bound_tenant()) as session:
        run, other = find_run(session, query.run), find_run(session, query.other)
        return answer(compare_runs(session, run, other, models=split_names(query.models), by=query.by))


@api.post("/attribution/runs/<run>/again")
@needs("attribution:write")
def run_again(path: RunPath, body: Again) -> Response:
    """Make a run again with the same options: of the files it was made of, while they are there, or of the newest."""
    with writing(bound_tenant()) as session:
        again = repeat_run(session, find_run(session, path.run), on_same_snapshot=body.snapshot == "same")
        return answer(show_run(again), status=201)
