"""Every `SIYU_*` variable, documented once; nothing else reads the environment."""

import base64
import binascii
import re
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import BadConfiguration

SAMPLE_KEYS = frozenset({"changeme", "secret", "siyu", "development", "password"})
KEY_BYTES = 32


class Settings(BaseSettings):
    """What an operator may set. Each field is read from `SIYU_<NAME>`, or from `<home>/siyu.env`."""

    model_config = SettingsConfigDict(env_prefix="SIYU_", extra="ignore", hide_input_in_errors=True)

    home: Path = Field(Path("var"), description="Folder of all state: database, Redis, journals, lake, files, logs.")
    secret_key: SecretStr | None = Field(
        None, description="32 random bytes in base64; `siyu init` writes one to `<home>/secret.key`."
    )
    database_url: str | None = Field(
        None, description="`postgresql+psycopg://…` ; by default SQLite in `<home>/siyu.db`."
    )
    redis_url: str | None = Field(None, description="A Redis to use instead of the one started by `siyu up`.")
    hosts: list[str] = Field(
        default=["localhost", "127.0.0.1"], description="Host names under which browsers may reach Siyu (JSON list)."
    )
    bind: str = Field("127.0.0.1", description="Address that the API and the admin UI listen on.")
    api_port: int = Field(8400, ge=1, le=65535, description="Port of the API.")
    ui_port: int = Field(8401, ge=1, le=65535, description="Port of the admin UI.")
    api_workers: int = Field(2, ge=1, le=64, description="API processes.")
    quick_workers: int = Field(1, ge=1, le=64, description="Workers of the quick queue (sends, hooks).")
    slow_workers: int = Field(1, ge=1, le=64, description="Workers of the slow queue (imports, lake, attribution).")
    https: bool = Field(False, description="Set when a proxy serves https: cookies become Secure.")
    proxies: int = Field(
        0, ge=0, le=5, description="Reverse proxies in front of the API: so many steps of X-Forwarded-For are believed."
    )
    simulator: str | None = Field(
        None,
        description="Address of a running `siyu simulate`, `http://127.0.0.1:8402`. Only simulated accounts use it.",
    )
    simulator_port: int = Field(8402, ge=1, le=65535, description="Port of the simulator of the vendors.")
    plugins_off: list[str] = Field(default=[], description="Keys of plugins not to load (JSON list).")
    plugin_paths: list[Path] = Field(
        default=[],
        description="Folders of plugins being written (JSON list); loaded anew when they change.",
    )
    log_level: str = Field("INFO", description="Least level of log lines.")
    attribution_engine: Literal["local", "spark"] = Field(
        "local", description="What makes attribution runs that do not say: threads of the worker, or Spark."
    )
    lake_url: str | None = Field(
        None,
        description="Where Spark executors on other machines read the lake, e.g. `s3://bucket/siyu`; by default "
        "`<home>/lake`. A run copies there what is missing.",
    )
    spark_master: str = Field(
        "local[*]", description="Spark's master: `local[2]`, `spark://host:7077`, `yarn`, `k8s://…`."
    )
    spark_memory: str = Field(
        "1g",
        pattern=r"^\d+[mg]$",
        description="Memory of Spark's Java processes: of the one with a local master, else of the driver and of each "
        "executor. The kernel's own is Python's and comes on top, about 0.4 GB a core.",
    )
    spark_conf: dict[str, str] = Field(
        default={}, description='Further Spark properties (JSON object), e.g. `{"spark.executor.instances": "8"}`.'
    )
    lease_seconds: int = Field(30, ge=1, le=3600, description="How long a silent job is left alone before it is rerun.")

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str | None) -> str | None:
        if url and url.startswith(("postgres://", "postgresql://")):
            return "postgresql+psycopg://" + url.split("://", 1)[1]
        if url and not url.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("Siyu keeps its data in PostgreSQL or SQLite: begin with postgresql:// or sqlite:///")
        return url

    @field_validator("simulator")
    @classmethod
    def _keep_simulator_here(cls, address: str | None) -> str | None:
        if address and not re.fullmatch(r"http://(127\.0\.0\.1|\[::1\]):\d{1,5}", address):
            raise ValueError("the simulator is on this machine: http://127.0.0.1:<port>")
        return address or None

    @model_validator(mode="after")
    def _keep_ports_apart(self) -> Self:
        if self.api_port == self.ui_port:
            raise ValueError(f"SIYU_API_PORT and SIYU_UI_PORT are both {self.api_port}: the API and the pages need two")
        return self

    @property
    def database(self) -> str:
        """The database's URL, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'siyu.db'}"

    def key(self) -> bytes:
        """The 32-byte key all others are wrapped by.

        Raises:
            BadConfiguration: it is missing, short, or a known sample.
        """
        text = self.secret_key.get_secret_value() if self.secret_key else self._key_file()
        if text.lower() in SAMPLE_KEYS:
            raise BadConfiguration("SIYU_SECRET_KEY is a sample value; run `siyu init` to make a real one.")
        try:
            key = base64.b64decode(text, validate=True)
        except binascii.Error:
            raise BadConfiguration("SIYU_SECRET_KEY is not base64; run `siyu init` to make one.") from None
        if len(key) != KEY_BYTES or len(set(key)) < 8:
            raise BadConfiguration("SIYU_SECRET_KEY must be 32 random bytes in base64; run `siyu init` to make one.")
        return key

    def _key_file(self) -> str:
        path = self.home / "secret.key"
        if not path.is_file():
            raise BadConfiguration(f"There is no secret key: run `siyu init`, which writes {path}.")
        return path.read_text().strip()


def load() -> Settings:
    """Read the environment.

    Raises:
        BadConfiguration: a variable cannot be used; the message names it.
    """
    try:
        return Settings(_env_file=Settings().home / "siyu.env")
    except ValidationError as error:
        raise BadConfiguration("; ".join(_name(one) for one in error.errors())) from None


def _name(error: ErrorDetails) -> str:
    said = error["msg"].removeprefix("Value error, ")
    return f"SIYU_{'.'.join(map(str, error['loc'])).upper()}: {said}" if error["loc"] else said


@cache
def current() -> Settings:
    """The settings of this process, read once."""
    return load()
