"""Bodies go to disk sealed frame by frame and come back whole, from any offset, or not at all."""

import uuid
from collections.abc import Iterator

import pytest

from core.errors import NotFound
from core.files.bodies import FRAME, path_of, read_body, write_body
from core.secrets import BrokenSeal, Vault, new_key

BODY = bytes(range(256)) * 700  # not a whole number of frames


@pytest.fixture
def vault() -> Vault:
    return Vault(7, new_key())


def store(vault: Vault, *, sealed: bool = True) -> uuid.UUID:
    file_id = uuid.uuid4()
    assert write_body(vault, file_id, [BODY[:10], BODY[10:]], sealed=sealed) == len(BODY)
    return file_id


def read(vault: Vault, file_id: uuid.UUID, *, offset: int = 0, sealed: bool = True) -> bytes:
    return b"".join(read_body(vault, file_id, size=len(BODY), sealed=sealed, offset=offset))


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("offset", [0, 1, FRAME - 1, FRAME, FRAME + 1, len(BODY)])
def test_body_is_read_from_anywhere(vault: Vault, offset: int, sealed: bool) -> None:
    assert read(vault, store(vault, sealed=sealed), offset=offset, sealed=sealed) == BODY[offset:]


def test_sealed_body_hides_its_text(vault: Vault) -> None:
    assert BODY[:64] not in path_of(7, store(vault)).read_bytes()


def test_altered_body_does_not_open(vault: Vault) -> None:
    path = path_of(7, file_id := store(vault))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BrokenSeal):
        read(vault, file_id)


def test_shortened_body_does_not_open(vault: Vault) -> None:
    path = path_of(7, file_id := store(vault))
    path.write_bytes(path.read_bytes()[: FRAME + 33])
    with pytest.raises(BrokenSeal):
        read(vault, file_id)


def test_bodies_cannot_change_places(vault: Vault) -> None:
    first, second = store(vault), store(vault)
    path_of(7, first).replace(path_of(7, second))
    with pytest.raises(BrokenSeal):
        read(vault, second)


def test_broken_stream_leaves_nothing_behind(vault: Vault) -> None:
    def breaking() -> Iterator[bytes]:
        yield BODY
        raise ConnectionError

    file_id = uuid.uuid4()
    with pytest.raises(ConnectionError):
        write_body(vault, file_id, breaking(), sealed=True)
    assert list(path_of(7, file_id).parent.iterdir()) == []


def test_missing_body_is_not_found(vault: Vault) -> None:
    with pytest.raises(NotFound):
        read(vault, uuid.uuid4())
