"""What keeps tenants apart holds on both databases, also where the code forgets."""

import pytest
import sqlalchemy as sa
import sqlalchemy.exc as sql
from sqlalchemy.orm import Session

from core.db import Database, across_tenants, next_numbers, platform_reading, reading, tenant_of, writing
from core.db.doors import ForeignRow, NestedWriting, Unbound
from core.db.models import Counter
from core.db.reading_guard import Unscoped
from core.errors import SiyuError
from core.tenants.models import Tenant

REFUSED = (SiyuError, sql.DBAPIError)


@pytest.fixture
def counted(tenant: Tenant, other_tenant: Tenant) -> tuple[int, int]:
    for number, count in ((tenant.number, 3), (other_tenant.number, 5)):
        with writing(number) as session:
            next_numbers(session, "contact", count)
    return tenant.number, other_tenant.number


def contact_counters(session: Session) -> list[int]:
    return list(session.scalars(sa.select(Counter.value).where(Counter.name == "contact")))


def test_reads_only_its_own_rows(counted: tuple[int, int]) -> None:
    with reading(counted[0]) as session:
        assert contact_counters(session) == [3]
        assert tenant_of(session) == counted[0]


def test_escape_reads_rows_of_all(counted: tuple[int, int]) -> None:
    with across_tenants() as session:
        assert sorted(contact_counters(session)) == [3, 5]


def test_unbound_session_refuses_tenant_rows(counted: tuple[int, int]) -> None:
    with pytest.raises(Unbound), platform_reading() as session:
        contact_counters(session)


def test_numbers_continue_without_gap(counted: tuple[int, int]) -> None:
    with writing(counted[0]) as session:
        assert list(next_numbers(session, "contact", 2)) == [4, 5]


def test_foreign_row_cannot_be_added(counted: tuple[int, int]) -> None:
    with pytest.raises(ForeignRow), writing(counted[0]) as session:
        session.add(Counter(tenant_id=counted[1], name="stolen", value=1))


def test_foreign_insert_meets_the_guard(counted: tuple[int, int]) -> None:
    with pytest.raises(REFUSED), writing(counted[0]) as session:
        session.execute(sa.insert(Counter), [{"tenant_id": counted[1], "name": "stolen", "value": 1}])


def test_row_cannot_move_to_another_tenant(counted: tuple[int, int]) -> None:
    with pytest.raises(REFUSED), writing(counted[0]) as session:
        session.execute(sa.update(Counter).values(tenant_id=counted[1]).execution_options(synchronize_session=False))


def test_update_of_all_leaves_others(counted: tuple[int, int]) -> None:
    with writing(counted[0]) as session:
        session.execute(sa.update(Counter).values(value=0))
    with reading(counted[1]) as session:
        assert contact_counters(session) == [5]


def test_delete_of_all_leaves_others(counted: tuple[int, int]) -> None:
    with writing(counted[0]) as session:
        session.execute(sa.delete(Counter))
    with reading(counted[1]) as session:
        assert contact_counters(session) == [5]


def test_raw_write_by_hand_cannot_reach_others(counted: tuple[int, int]) -> None:
    reached = 0
    try:
        with writing(counted[0]) as session:
            reached = session.execute(sa.text(f"UPDATE counter SET value=9 WHERE tenant_id={counted[1]}")).rowcount  # type: ignore[attr-defined]  # a cursor result
    except REFUSED:
        pass
    assert reached == 0


@pytest.mark.parametrize(
    "statement", ["SELECT value FROM counter", "SELECT c.value FROM tenant JOIN counter c ON true"]
)
def test_raw_read_without_tenant_refused(counted: tuple[int, int], statement: str) -> None:
    with pytest.raises(Unscoped), reading(counted[0]) as session:
        session.execute(sa.text(statement))


def test_core_select_without_tenant_refused(counted: tuple[int, int]) -> None:
    with pytest.raises(Unscoped), reading(counted[0]) as session:
        session.execute(sa.select(Counter.__table__.c.value))


def test_reading_door_refuses_to_write(counted: tuple[int, int]) -> None:
    with pytest.raises(REFUSED), reading(counted[0]) as session:
        next_numbers(session, "contact")


def test_nested_writing_is_refused_at_once(tenant: Tenant) -> None:
    with writing(tenant.number), pytest.raises(NestedWriting), writing(tenant.number):
        pass


def test_pooled_connection_forgets_its_tenant(db: Database, counted: tuple[int, int]) -> None:
    for number, expected in ((counted[0], 3), (counted[1], 5)) * 3:
        with reading(number) as session:
            assert contact_counters(session) == [expected]
