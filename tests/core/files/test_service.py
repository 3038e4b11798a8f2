"""Files belong to one tenant, leave as attachments, and go when their time is over."""

from datetime import timedelta

import pytest

from core import clock
from core.db import reading, writing
from core.errors import NotFound
from core.files.bodies import path_of
from core.files.models import StoredFile
from core.files.service import clean_name, expire_files, open_file, store
from core.tenants.models import Tenant
from tests.clients import RoleClient


def store_note(tenant: Tenant, *, name: str = "note.csv", lifetime: timedelta | None = None) -> StoredFile:
    expires = clock.now() + lifetime if lifetime else None
    with writing(tenant.number) as session:
        return store(session, "note", name, [b"a,b\n", b"1,2\n"], expires=expires, sealed=True)


def test_stored_file_is_read_back(tenant: Tenant) -> None:
    file_id = store_note(tenant).id
    with reading(tenant.number) as session:
        opened = open_file(session, file_id)
    assert b"".join(opened.chunks(offset=4)) == b"1,2\n"


def test_foreign_file_is_absent(tenant: Tenant, other_tenant: Tenant) -> None:
    file_id = store_note(tenant).id
    with reading(other_tenant.number) as session, pytest.raises(NotFound):
        open_file(session, file_id)


def test_download_is_an_attachment(client: RoleClient, tenant: Tenant) -> None:
    file_id = store_note(tenant, name="../../报表\r\n.csv").id
    response = client.get(f"/v1/tenants/{tenant.id}/files/{file_id}")
    assert response.data == b"a,b\n1,2\n"
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    assert "%E6%8A%A5%E8%A1%A8.csv" in response.headers["Content-Disposition"]


def test_expired_files_leave_the_disk(tenant: Tenant) -> None:
    file_id = store_note(tenant, lifetime=timedelta(seconds=-1)).id
    kept = store_note(tenant, lifetime=timedelta(days=1)).id
    with writing(tenant.number) as session:
        assert expire_files(session) == 1
    assert [path_of(tenant.number, one).exists() for one in (file_id, kept)] == [False, True]


@pytest.mark.parametrize(
    ("name", "clean"),
    [("a/b\\c.csv", "c.csv"), ("..", "file"), ("", "file"), ('x"\x00\n.pdf', "x.pdf"), ("表" * 300, "表" * 200)],
)
def test_names_are_made_harmless(name: str, clean: str) -> None:
    assert clean_name(name) == clean
