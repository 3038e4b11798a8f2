"""The file of a multipart upload as a stream, so that it never lies in memory or unsealed in a temporary folder."""

from collections.abc import Iterator
from typing import IO

from werkzeug.sansio.multipart import Data, Epilogue, File, MultipartDecoder, NeedData

from core.errors import Malformed

_CHUNK = 64 * 1024
_MOST_PARTS = 20


def read_stream(stream: IO[bytes]) -> Iterator[bytes]:
    """Chunks of a raw body."""
    while chunk := stream.read(_CHUNK):
        yield chunk


def read_file_part(stream: IO[bytes], *, boundary: str) -> Iterator[bytes]:
    """Chunks of the first file in a multipart body; other parts are passed over.

    Raises:
        Malformed: there is no file in it, or it is cut off.
    """
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_form_memory_size=None, max_parts=_MOST_PARTS)
    inside = found = False
    try:
        while True:
            event = decoder.next_event()
            if isinstance(event, File):
                inside, found = not found, True
            elif isinstance(event, Data):
                if inside and event.data:
                    yield event.data
                if not event.more_data:
                    inside = False
            elif isinstance(event, NeedData):
                chunk = stream.read(_CHUNK)
                decoder.receive_data(chunk or None)
            elif isinstance(event, Epilogue):
                break
    except ValueError:
        raise Malformed("The multipart body is broken or cut off.") from None
    if not found:
        raise Malformed("The multipart body holds no file.")
