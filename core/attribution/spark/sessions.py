"""The Spark session of this process: started when first wanted, kept for the next run, its files under the home."""

import atexit
import contextlib
import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING

from core import settings
from core.errors import Invalid

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
STOP_SECONDS = 20

_LIGHT_COMPILER = "-XX:TieredStopAtLevel=1"
"""Java plans a few jobs here, passes bytes on and ends. A second, thorough compiler never earns what it takes meanwhile
from the executors' cores: Java's CPU in the first runs is half without it."""

_lock = Lock()


class SparkMissing(Invalid):
    """Spark cannot be started here."""

    code = "spark_missing"


@dataclass(frozen=True)
class _Running:
    session: "SparkSession"
    folder: Path
    held: IO[bytes]


_running: list[_Running] = []


def spark_session() -> "SparkSession":
    """The session, started if there is none.

    Raises:
        SparkMissing: pyspark or Java is not there, or the master cannot be used; says what to install.
    """
    with _lock:
        if not _running:
            require_spark()
            _running.append(_start())
            atexit.register(stop_spark)
        return _running[0].session


def stop_spark() -> None:
    """End the session, its Java process and its folder; nothing when there is none."""
    with _lock:
        while _running:
            _stop(_running.pop())


def require_spark() -> None:
    """Raise `SparkMissing` unless pyspark and Java are here."""
    if importlib.util.find_spec("pyspark") is None:
        raise SparkMissing("The engine spark needs pyspark: install siyu[spark], or choose the engine local.")
    java = _java()
    if java is None:
        raise SparkMissing(
            f"The engine spark needs Java {OLDEST_JAVA} or later: install openjdk-17-jre-headless (Debian) or "
            "openjdk@17 (Homebrew), or set JAVA_HOME; or choose the engine local."
        )
    found = java_version(java)
    if found < OLDEST_JAVA:
        raise SparkMissing(f"The engine spark needs Java {OLDEST_JAVA} or later; {java} is Java {found}.")


def java_version(java: str) -> int:
    """The major version, 0 when it does not say."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - found by name on this machine
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(version[1]) if version else 0


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")  # Java's own variable, not one of ours
    if home:
        return str(Path(home) / "bin" / "java")
    return shutil.which("java")


def _start() -> _Running:
    from py4j.protocol import Py4JError
    from pyspark import SparkConf
    from pyspark.errors import PySparkException

    folder, held = _claim_folder()
    asked = settings.current()
    is_local = asked.spark_master.startswith("local")
    # PySpark reads these and offers no other way: the executors' Python, the address, no files in /tmp.
    os.environ["SPARK_LAUNCHER_OPTS"] = "-XX:-UsePerfData"
    if is_local:
        os.environ.update(
            PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1"
        )
    conf = SparkConf().setAll([*_properties(folder, is_local=is_local).items()])
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
            from pyspark.sql import SparkSession

            session = SparkSession.builder.config(conf=conf).getOrCreate()
    except BaseException as error:
        _end_java()
        _remove(folder, held)
        if not isinstance(error, (PySparkException, Py4JError, OSError, RuntimeError, ValueError)):
            raise
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise SparkMissing(f"Spark does not start with the master {asked.spark_master}: {reason}") from error
    return _Running(session, folder, held)


def _properties(folder: Path, *, is_local: bool) -> dict[str, str]:
    """How Spark runs: quiet, without pages, all it writes in the folder, and on a laptop on loopback alone. What the
    operator sets comes last."""
    asked = settings.current()
    log = folder / "log4j2.properties"
    log.write_text(_LOGGING.format(file=folder.parent / "spark.log"))
    java = f"-Djava.io.tmpdir={folder} -XX:-UsePerfData -Dlog4j2.configurationFile={log.as_uri()} {_LIGHT_COMPILER}"
    found = {
        "spark.master": asked.spark_master,
        "spark.app.name": "siyu attribution",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": asked.spark_memory,
        "spark.executor.memory": asked.spark_memory,
        "spark.driver.extraJavaOptions": java,
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
    }
    if is_local:
        found["spark.driver.host"] = found["spark.driver.bindAddress"] = "127.0.0.1"
        found["spark.executorEnv.PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return found | asked.spark_conf


def _claim_folder() -> tuple[Path, IO[bytes]]:
    """A folder of this process, held by a lock; those of processes that were killed are removed."""
    home = settings.current().home.resolve() / "spark"
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob("session-*"):
        with contextlib.suppress(OSError):
            _remove(left, _hold(left))
    folder = Path(tempfile.mkdtemp(prefix="session-", dir=home))
    return folder, _hold(folder)


def _hold(folder: Path) -> IO[bytes]:
    """The folder's lock. Raises BlockingIOError: another process has it."""
    held = (folder / "lock").open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise
    return held


def _remove(folder: Path, held: IO[bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    held.close()


def _stop(running: _Running) -> None:
    with contextlib.suppress(Exception):
        running.session.stop()
    _end_java()
    _remove(running.folder, running.held)


def _end_java() -> None:
    """PySpark leaves its Java process running for the next session of this one; it ends when its input does."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is None:
        return
    SparkContext._gateway = SparkContext._jvm = None
    process = getattr(gateway, "proc", None)
    with contextlib.suppress(Exception):
        gateway.shutdown()
    if process is None:
        return
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_LOGGING = """\
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {file}
appender.file.filePattern = {file}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd HH:mm:ss}} %p %c{{1}}: %m%n%ex
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 1MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 1
"""
