"""Print a placement: ask its plugin for artefacts, one after the other, and keep each."""

from core.db import new_id, reading, vault_of
from core.errors import SiyuError
from core.files.bodies import write_body
from core.files.service import record
from core.jobs.running import RunningJob
from core.placements.publishing import keep_artifact, prepare_printing
from core.placements.service import find_placement
from core.plugin_host import host
from core.sdk.failures import ChannelFailure


def run(job: RunningJob) -> None:
    """Artefacts of an attempt before this one are made again and replaced: same arguments, same bytes."""
    assert job.tenant_id is not None
    placement_id, base = str(job.args["placement"]), str(job.args["base"])
    with reading(job.tenant_id) as session:
        printing = prepare_printing(session, find_placement(session, placement_id), base=base)
        vault = vault_of(session)
    made = 0
    try:
        stream = host().call(printing.plugin_key, "publish", printing.placement, printing.codes, printing.settings)
        for artifact in stream:
            file_id = new_id()
            size = write_body(vault, file_id, [artifact.body], sealed=True)  # serials are worth sealing
            with job.step() as step:
                stored = record(step.session, file_id, kind="artifact", name=artifact.name, size=size, sealed=True)
                keep_artifact(step.session, find_placement(step.session, placement_id), artifact, stored)
                made += 1
                step.progress(made)
    except ChannelFailure as failure:
        raise SiyuError(f"{printing.plugin_key} could not print: {failure.message}", code=failure.kind) from None
    with job.step() as step:
        step.finish({"artifacts": made, "codes": len(printing.codes)})
