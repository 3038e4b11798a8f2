"""Files of a lake's copy on another file system: read by URL, with what pyarrow knows (file, s3, gs, abfs, hdfs, and by
`fsspec+oss://` and the like what fsspec knows)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from core.errors import BadConfiguration


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """root: URL of the folder of all lakes; name: of a file below it."""

    root: str
    name: str

    @property
    def local(self) -> Path | None:
        """Where it lies on this machine, if it does."""
        system, folder = open_root(self.root)
        return Path(folder) / self.name if isinstance(system, fs.LocalFileSystem) else None

    def open(self) -> pq.ParquetFile:
        """Near columns are asked for together: a request costs more than what it brings."""
        system, folder = open_root(self.root)
        return pq.ParquetFile(system.open_input_file(f"{folder}/{self.name}"), pre_buffer=True)


@cache
def open_root(root: str) -> tuple[fs.FileSystem, str]:
    """The file system and the folder in it; once a process, since it holds connections.

    Raises:
        BadConfiguration: the URL names no file system that is known here, or carries credentials.
    """
    if "@" in urlsplit(root).netloc and urlsplit(root).scheme in ("s3", "gs"):
        raise BadConfiguration("SIYU_LAKE_URL must carry no key: give it to the machines, e.g. as AWS_ACCESS_KEY_ID.")
    try:
        system, folder = fs.FileSystem.from_uri(root)
    except (pa.ArrowInvalid, ImportError) as error:
        known = "file, s3, gs, abfs, hdfs, and fsspec+NAME with fsspec and that file system installed"
        raise BadConfiguration(
            f"SIYU_LAKE_URL: no file system for {root.split(':')[0]!r}; there are {known}."
        ) from error
    return system, folder.rstrip("/")
