"""What every plugin is called with: the settings of its own fixtures, and a placement, a code and messages."""

from pydantic import JsonValue

from core.sdk import Code, IdentityClaim, Message, Placement
from tests.factories.fixtures import form_of

SANDBOX: dict[str, dict[str, JsonValue]] = {"sms": {"provider": {"kind": "sandbox"}}}


def sandboxed(key: str) -> dict[str, JsonValue]:
    """The settings with which nothing is asked of a vendor."""
    return form_of(key, **SANDBOX.get(key, {}))


CARD: dict[str, str] = {"phone": "13900000001", "consent": "on"}
PLACEMENT = Placement(id="p1", name="一", brand="思域")
CODE = Code(serial="B1FPVYDDES6F5ZK9KT", url="https://go.example.com/c/B1FPVYDDES6F5ZK9KT")
MESSAGES = [
    Message(key=f"m{n}", to=IdentityClaim(kind="phone", value=f"+861390000{n:04}"), variables={"code": f"Ab{n:04}"})
    for n in range(40)
]
