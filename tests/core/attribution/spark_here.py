"""One Spark for all tests of a process: its own home, two cores."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import settings
from core.attribution.spark.sessions import SparkMissing, require_spark, spark_session, stop_spark

STORE_KEYS = {
    "AWS_ACCESS_KEY_ID": "an-executor",
    "AWS_SECRET_ACCESS_KEY": "its-own-key",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What machines are given to read an object store; our stand-in takes any."""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home that Spark was started in; left out where there is no Java."""
    try:
        require_spark()
    except SparkMissing as missing:
        pytest.skip(missing.message)
    home = tmp_path_factory.mktemp("spark-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIYU_HOME", str(home))
        patch.setenv("SIYU_SPARK_MASTER", "local[2]")
        for name, value in STORE_KEYS.items():  # executors keep what they were started with
            patch.setenv(name, value)
        settings.current.cache_clear()
        spark_session()
    settings.current.cache_clear()
    yield home
    stop_spark()
    assert [path.name for path in (home / "spark").iterdir()] == ["spark.log"]
