"""An object store on this machine that speaks S3, whose bucket is the lake's address."""

from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer
from pyarrow import fs

from core import settings
from core.tenants.models import Tenant
from tests.core.attribution.spark_here import STORE_KEYS


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty bucket of a store on this machine, set as the lake's."""
    for name, value in STORE_KEYS.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for method, path in (("POST", "moto-api/reset"), ("PUT", "lakes")):  # what it holds outlives a server of its
        with urlopen(Request(f"http://{host}:{port}/{path}", method=method)) as said:
            assert said.status == 200
    url = f"s3://lakes/siyu?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    monkeypatch.setenv("SIYU_LAKE_URL", url)
    settings.current.cache_clear()
    yield url
    server.stop()


def names_in(url: str, tenant: Tenant) -> set[str]:
    system, folder = fs.FileSystem.from_uri(url)
    base = f"{folder}/tenant={tenant.number}"
    found = system.get_file_info(fs.FileSelector(base, recursive=True, allow_not_found=True))
    return {one.path.removeprefix(f"{base}/") for one in found if one.type == fs.FileType.File}
