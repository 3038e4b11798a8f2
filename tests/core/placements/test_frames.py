"""Frames survive whatever a crash or a bad disk leaves in a journal."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.placements.frames import HEAD_BYTES, FrameOpener, FrameSealer

KEY = b"k" * 32
payloads = st.lists(st.binary(max_size=300), max_size=12)


def write(contents: list[bytes]) -> tuple[FrameSealer, list[bytes]]:
    sealer = FrameSealer(KEY)
    return sealer, [sealer.frame(content) for content in contents]


def read(sealer: FrameSealer, buffer: bytes, key: bytes = KEY) -> list[bytes]:
    return [found.payload for found in FrameOpener(key, sealer.head).find(buffer)]


@given(payloads)
def test_what_went_in_comes_out(contents: list[bytes]) -> None:
    sealer, frames = write(contents)
    assert read(sealer, b"".join(frames)) == contents


@given(payloads, st.data())
def test_torn_tail_costs_only_the_last_frame(contents: list[bytes], data: st.DataObject) -> None:
    sealer, frames = write([*contents, b"last"])
    cut = data.draw(st.integers(1, len(frames[-1])))
    assert read(sealer, b"".join(frames)[:-cut]) == contents


@settings(max_examples=50)
@given(payloads, st.binary(max_size=400), payloads)
def test_rubbish_between_frames_is_stepped_over(before: list[bytes], rubbish: bytes, after: list[bytes]) -> None:
    sealer, frames = write(before + after)
    middle = len(before)
    assert read(sealer, b"".join(frames[:middle]) + rubbish + b"".join(frames[middle:])) == before + after


@given(st.data())
def test_altered_frame_is_not_believed(data: st.DataObject) -> None:
    sealer, frames = write([b"first", b"second"])
    broken = bytearray(frames[0])
    broken[data.draw(st.integers(0, len(broken) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert read(sealer, bytes(broken) + frames[1]) == [b"second"]


def test_another_key_opens_nothing() -> None:
    sealer, frames = write([b"secret"])
    assert read(sealer, b"".join(frames), key=b"x" * 32) == []
    assert b"secret" not in b"".join(frames)


def test_head_of_another_file_is_refused() -> None:
    try:
        FrameOpener(KEY, b"PK\x03\x04" + bytes(HEAD_BYTES))
    except ValueError:
        return
    raise AssertionError("a zip file was taken for a journal")
