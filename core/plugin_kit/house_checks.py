"""Rules about the plugin as a thing on disk: texts, imports, fixtures, settings."""

import ast
from pathlib import Path

from core.plugin_kit.subject import Findings, Subject, check
from core.sdk.failures import BadSettings
from core.sdk.settings import masked_form, merged_form, plain_form, secret_names
from core.sdk.version import CAME_WITH, accepts_sdk

FORBIDDEN = {
    "os": "take what you need from the call",
    "subprocess": "a plugin starts no process",
    "socket": "use core.sdk.HttpClient",
    "requests": "use core.sdk.HttpClient",
    "urllib.request": "use core.sdk.HttpClient",
    "httpx": "use core.sdk.HttpClient",
    "sqlite3": "a plugin keeps no state",
    "sqlalchemy": "a plugin never sees the database",
    "flask": "core renders and answers",
    "redis": "a plugin keeps no state",
    "random": "the same call gives the same answer; derive ids from the source's",
    "time": "use core.sdk.now, which tests can set",
    "threading": "a plugin starts no thread",
    "multiprocessing": "a plugin starts no process",
    "ctypes": "a plugin stays in Python",
}
OURS = ("core", "plugins", "workers", "admin_ui", "tests")
SMALL, LONG = 40, 400


@check("readme", "说明文件有中英文", "the README speaks Chinese and English")
def find_readme(subject: Subject) -> Findings:
    """README.md in both languages, or README.zh-CN.md beside it; what the operator has to do at the vendor's."""
    places = (subject.folder, *subject.folder.parents[:2])
    texts = [(place / name).read_text("utf-8") for place in places for name in _readmes(place)]
    text = "\n".join(texts)
    if sum("\u4e00" <= char <= "\u9fff" for char in text) < SMALL:
        yield "README.md has next to no Chinese; say there what the operator sets up at the vendor's"
    if sum(char.isascii() and char.isalpha() for char in text) < LONG:
        yield "README.md has next to no English; say there what the operator sets up at the vendor's"


def _readmes(place: Path) -> list[str]:
    return [name for name in ("README.md", "README.zh-CN.md") if (place / name).is_file()]


@check("names", "名称和简介有中英文", "name and summary are told in both languages")
def find_names(subject: Subject) -> Findings:
    """The catalogue shows them."""
    for what in ("name", "summary"):
        text = getattr(subject.manifest, what)
        if not text.zh.strip() or not text.en.strip() or text.zh == text.en:
            yield f"manifest.json: {what} needs a Chinese and an English text"


@check("contract", "要求的合约版本含有所用的动作", "asks for a contract that has its verbs")
def find_contract(subject: Subject) -> Findings:
    """An older Siyu would load it and never call them."""
    for verb in subject.manifest.capabilities:
        came_with = CAME_WITH.get(verb, "1.0")
        if not accepts_sdk(came_with, offered=subject.manifest.sdk):
            yield f"manifest.json: `{verb}` came with sdk {came_with}; write that under `sdk`"


@check("imports", "只导入 core.sdk", "imports core.sdk and nothing of the host")
def find_imports(subject: Subject) -> Findings:
    """The source is read, not run: what is imported late counts as well."""
    own = subject.host.channels[subject.key].__class__.__module__.rpartition(".")[0]
    for path in sorted(subject.folder.rglob("*.py")):
        where = path.relative_to(subject.folder)
        for name in sorted(_imported(path)):
            if name in FORBIDDEN:
                yield f"{where} imports {name}: {FORBIDDEN[name]}"
            elif name.split(".")[0] in OURS and not f"{name}.".startswith(("core.sdk.", f"{own}.")):
                yield f"{where} imports {name}: only core.sdk is promised to stay"


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names if node.module == "urllib"}
    return names


@check("fixtures", "有可重放的样例", "brings fixtures that can be replayed")
def find_fixtures(subject: Subject) -> Findings:
    """A plugin that takes webhooks or files shows some; settings that have required fields, too."""
    try:
        subject.host.settings(subject.key, subject.form)
    except BadSettings as error:
        yield f"fixtures/settings.json does not fit: {error.message}"
        return
    for name, one in subject.samples.requests.items():
        try:
            subject.host.settings(subject.key, subject.form_of(one))
        except BadSettings as error:
            yield f"the settings of fixtures/requests/{name}.json do not fit: {error.message}"
    if subject.can("answer") and not any(one.accepted for one in subject.samples.requests.values()):
        yield "fixtures/requests/ has no webhook that is accepted; record one, with its signature"
    if subject.can("read_file") and not subject.samples.files:
        yield "fixtures/files/files.json names no export; put one beside it and say how many events it holds"
    for name in subject.samples.files:
        if not (subject.samples.folder / "files" / name).is_file():
            yield f"fixtures/files/{name} is named and not there"


@check("settings", "设置可以封存、掩码和恢复", "settings survive sealing, masking and the way back")
def find_settings(subject: Subject) -> Findings:
    """What the form shows never holds a secret; what it sends back unchanged changes nothing."""
    settings = subject.host.settings(subject.key, subject.form)
    model, kept, shown = type(settings), plain_form(settings), masked_form(settings)
    if model.model_validate(kept) != settings or model.model_validate(merged_form(model, shown, kept)) != settings:
        yield "the settings change on their way through storage and form; look at validators that are not idempotent"
    for secret in subject.secrets:
        if secret in str(shown) or secret in repr(settings):
            yield "a secret can be read in the form or in repr(settings); declare it as SecretStr"
    try:
        subject.host.settings(subject.key, subject.form | {"no_such_field": 1})
        yield "an unknown field is taken; derive the settings from core.sdk.ChannelSettings and leave `extra` alone"
    except BadSettings:
        pass
    for name in model.model_fields:
        if _sounds_secret(name) and name not in secret_names(model):
            yield f"settings: {name} sounds like a secret and is no SecretStr"


def _sounds_secret(name: str) -> bool:
    return any(word in name for word in ("secret", "password", "token", "private_key", "api_key"))
