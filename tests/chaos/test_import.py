"""An import goes through whatever is killed meanwhile: every row once, nothing left running."""

import pytest
import sqlalchemy as sa

from core.db import reading, writing
from core.ingest import imports
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.chaos.trouble import Trouble, on_both
from tests.factories.ingest import ad_file, make_import
from tests.servers.siyu import Running

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.slow]

ROWS = 30_000
VICTIMS = ("slow-1", "slow-1", "dispatcher", "redis", "api", "quick-1")


@on_both
def test_import_survives_every_kill(platform: Running, brand: Tenant) -> None:
    import_id = make_import(brand, ad_file(rows=ROWS))
    with writing(brand.number) as session:
        imports.start_import(session, import_id)

    def is_done() -> bool:
        with reading(brand.number) as session:
            return imports.find_import(session, import_id).state == "done"

    trouble = Trouble(platform, seed=20_261_122)
    trouble.until(is_done, victims=VICTIMS, kills=12)
    with reading(brand.number) as session:
        done = imports.find_import(session, import_id)
        stored = session.scalar(sa.select(sa.func.count()).select_from(Touchpoint))
    assert (done.rows, done.touchpoints, done.duplicates, done.rejected) == (ROWS, ROWS, 0, 0)
    assert stored == ROWS
    assert {name for name, _ in trouble.killed} >= {"slow-1", "redis"}, trouble.killed
    assert len(trouble.killed) >= 6
    assert trouble.left_behind() == []
