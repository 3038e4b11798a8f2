"""Files become touchpoints, orders, contacts and costs, once each, however often they come."""

import uuid

import pytest
import sqlalchemy as sa

from core import clock
from core.channels.service import list_channels
from core.contacts.models import Contact, ContactTag
from core.db import platform_writing, reading, writing
from core.ingest import importing, imports
from core.ingest.fields import ImportKind
from core.ingest.models import Import, ImportReject
from core.ingest.row_filter import Condition
from core.jobs.models import Job
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.placements.models import PlacementCost
from core.referrals.models import PendingReferral, Referral
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.ingest import AD_HEADER, ad_file, make_import

pytestmark = pytest.mark.usefixtures("db")


def run(tenant: Tenant, body: str | bytes, *, kind: ImportKind = "touchpoints", **more: object) -> Import:
    import_id = make_import(tenant, body, kind=kind, **more)  # type: ignore[arg-type]  # the factory's own keywords
    with writing(tenant.number) as session:
        imports.start_import(session, import_id)
    run_pending()
    return reload(tenant, import_id)


def reload(tenant: Tenant, import_id: uuid.UUID) -> Import:
    with reading(tenant.number) as session:
        return imports.find_import(session, import_id)


def count(
    tenant: Tenant,
    model: type[Touchpoint | Order | Contact | ImportReject | PlacementCost | ContactTag | Referral | PendingReferral],
) -> int:
    with reading(tenant.number) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_one_file_feeds_touches_and_orders(tenant: Tenant) -> None:
    done = run(tenant, ad_file(rows=60, every=6))
    assert (done.state, done.rows, done.accepted, done.touchpoints, done.orders) == ("done", 60, 60, 60, 10)
    assert (count(tenant, Touchpoint), count(tenant, Order), count(tenant, Contact)) == (60, 10, 17)
    with reading(tenant.number) as session:
        assert session.scalar(sa.select(sa.func.sum(Order.amount_minor))) == 7500


def test_same_file_twice_doubles_nothing(tenant: Tenant) -> None:
    run(tenant, ad_file())
    again = run(tenant, ad_file(), name="copy.csv")
    assert (again.accepted, again.duplicates, again.touchpoints, again.orders) == (0, 60, 0, 0)
    assert (count(tenant, Touchpoint), count(tenant, Order)) == (60, 10)


def test_saved_again_in_excel_doubles_nothing(tenant: Tenant) -> None:
    run(tenant, ad_file())
    again = run(tenant, ad_file().replace("\n", "\r\n").encode("utf-8-sig"))
    assert again.duplicates == 60


def test_equal_rows_are_all_kept(tenant: Tenant) -> None:
    row = "A1,2026-07-01T00:00:00Z,impression,0,0,Display\n"
    assert run(tenant, f"{AD_HEADER}\n{row * 3}").touchpoints == 3


def test_other_tenants_see_nothing(tenant: Tenant, other_tenant: Tenant) -> None:
    run(tenant, ad_file())
    assert count(other_tenant, Touchpoint) == 0
    assert run(other_tenant, ad_file()).touchpoints == 60


def test_unknown_channels_need_confirmation(tenant: Tenant) -> None:
    done = run(tenant, ad_file(), create_channels=False)
    assert (done.touchpoints, done.rejected, count(tenant, ImportReject)) == (0, 60, 60)


def test_filter_leaves_other_rows_out(tenant: Tenant) -> None:
    done = run(tenant, ad_file(), row_filter=[Condition(column="channel", value="Video")])
    assert (done.rows, done.touchpoints, done.skipped, done.rejected) == (60, 20, 40, 0)


def test_orders_of_a_mixed_file_meet_its_touches(tenant: Tenant) -> None:
    run(tenant, ad_file())
    done = run(tenant, ad_file(), kind="orders", row_filter=[Condition(column="interaction", value="conversion")])
    assert (done.orders, done.duplicates, count(tenant, Order)) == (0, 10, 10)


def test_bad_rows_cost_only_themselves(tenant: Tenant) -> None:
    bad = [
        "A1,99999-01-01,impression,0,0,Display",
        "A1,2026-07-01,impression,0,0",
        "A1,2026-07-01,conversion,1,NaN,Display",
        "A1,2026-07-01,conversion,1,7.505,Display",
        f"A1,2026-07-01,conversion,1,{'9' * 25},Display",
        "undefined,2026-07-01,impression,0,0,Display",
        ",2026-07-01,impression,0,0,Display",
        "A1,2026-07-01,impression,0,0,\0",
        '"A1,2026-07-01',
    ]
    done = run(tenant, ad_file() + "\n".join(bad) + "\n")
    assert (done.touchpoints, done.rejected, done.rows) == (60, len(bad), 60 + len(bad))


def test_kill_between_steps_doubles_nothing(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_ROWS", 7)
    row = "A1,2026-07-01T00:00:00Z,impression,0,0,Display\n"
    body = ad_file() + row * 9
    import_id = make_import(tenant, body)
    with writing(tenant.number) as session:
        imports.start_import(session, import_id)
    naps = iter(range(4))

    def die_after_four(_seconds: float) -> None:
        next(naps)  # StopIteration at the fifth, as good as a death between two steps

    monkeypatch.setattr(importing, "sleep", die_after_four)
    with clock.set_to(clock.now()):  # however slow the machine, the retry is not due yet
        run_pending(strict=False)
    assert reload(tenant, import_id).rows == 35
    monkeypatch.setattr(importing, "sleep", lambda _seconds: None)
    retry_all()
    run_pending()
    done = reload(tenant, import_id)
    assert (done.state, done.rows, done.touchpoints, done.orders) == ("done", 69, 69, 10)


def retry_all() -> None:
    with platform_writing() as session:
        session.execute(sa.update(Job).where(Job.state == "ready").values(not_before=clock.now()))


def test_contacts_are_found_and_tagged(tenant: Tenant) -> None:
    body = "手机号,邮箱,标签\n13912345678,a@example.com,老客、VIP\n+86 139 1234 5678,,新客\n123,,\n"
    done = run(tenant, body.encode("gb18030"), kind="contacts")
    assert (done.accepted, done.rejected) == (2, 1)
    assert (count(tenant, Contact), count(tenant, ContactTag)) == (1, 3)


def test_costs_are_entered_once(tenant: Tenant) -> None:
    body = "日期,渠道,消耗\n2026-07-01,百度,100.00\n2026-07-02,百度,50.5\n"
    assert run(tenant, body, kind="costs").accepted == 2
    assert run(tenant, body, kind="costs").duplicates == 2
    with reading(tenant.number) as session:
        assert session.scalar(sa.select(sa.func.sum(PlacementCost.amount_minor))) == 15050


def test_empty_table_is_done_at_once(tenant: Tenant) -> None:
    done = run(tenant, AD_HEADER + "\n")
    assert (done.state, done.rows) == ("done", 0)


def test_contacts_file_tells_of_inviters(tenant: Tenant) -> None:
    body = (
        "会员号,手机号,邀请人\nM1,13812345670,\nM2,13812345671,M1\nM3,13812345672,13812345671\nM4,13812345673,nobody\n"
    )
    for _ in range(2):
        assert run(tenant, body, kind="contacts").rejected == 0
    assert (count(tenant, Referral), count(tenant, PendingReferral)) == (2, 1)


def test_imported_channels_have_been_heard_of(tenant: Tenant) -> None:
    run(tenant, ad_file())
    with reading(tenant.number) as session:
        heard = {one.name: one.last_event_at for one in list_channels(session) if one.plugin_key != "direct"}
    assert heard
    assert None not in heard.values()
