"""The demo's hand on the application: calls the API as its users and visitors do, in this process, at a set time."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from flask_openapi3 import OpenAPI
from werkzeug.test import Client, TestResponse

from core import clock, settings
from core.access import sessions
from core.access.models import User
from core.app import create_app
from core.db import platform_writing
from core.demo.vendors import vendors_at_hand
from core.errors import SiyuError
from core.ingest.shipper import Shipper
from core.placements.front_door import journal_folder, journal_key


class DemoFailed(SiyuError):
    """A step of the demo was refused by the application."""

    code = "demo_failed"


class Hand:
    """Calls the API. As the owner with a session, as a shop with its write key, as a visitor with nothing."""

    def __init__(self, owner: User) -> None:
        self.app: OpenAPI = create_app()
        self.owner = owner
        self._shipper = Shipper(journal_folder(settings.current()), journal_key(settings.current()))
        self._token = ""
        self._closing = ExitStack()
        self.vendors = self._closing.enter_context(vendors_at_hand(self.app))

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let it be `moment` for all that happens inside; the owner signs in anew."""
        with clock.set_to(moment):
            with platform_writing() as session:
                self._token = sessions.begin(session, session.merge(self.owner))
            yield

    def ask(self, method: str, path: str, *, body: object = None, raw: bytes | None = None) -> Any:
        """Call the API as the owner.

        Raises:
            DemoFailed: the API refused.
        """
        headers = {"Authorization": f"Bearer {self._token}"}
        with self.app.test_client() as client:
            if raw is not None:
                said = client.open(path, method=method, data=raw, headers=headers, content_type="text/csv")
            else:
                said = client.open(path, method=method, json=body, headers=headers)
        return _read(said, path)

    def send_calls(self, write_key: str, calls: list[dict[str, object]], sent_at: datetime) -> None:
        """Send SDK calls as a shop does."""
        with self.app.test_client() as client:
            for start in range(0, len(calls), 500):
                body = {"batch": calls[start : start + 500], "sentAt": sent_at.isoformat()}
                _read(client.post("/v1/batch", json=body, auth=(write_key, "")), "/v1/batch")

    def redeem(self, serial: str, phone: str, *, consents: bool) -> bool:
        """Open a card's page and send its form, as a customer does. True if the card was redeemed."""
        visitor = Client(self.app)
        visitor.get(f"/c/{serial}", headers=PHONE)
        form = {"phone": phone, **({"consent": "1"} if consents else {})}
        return visitor.post(f"/c/{serial}", data=form, headers=PHONE).status_code < 400

    def join(self, code: str, phone: str) -> None:
        """Scan a shared code and leave a phone number on its page."""
        visitor = Client(self.app)
        visitor.get(f"/t/{code}?q", headers=PHONE)
        visitor.post(f"/l/{code}", data={"phone": phone}, headers=PHONE)

    def click(self, code: str) -> None:
        """Follow a tracked link."""
        Client(self.app).get(f"/t/{code}", headers=PHONE)

    def ship(self) -> None:
        """Bring the clicks of the journal into the database."""
        while self._shipper.ship():
            pass

    def close(self) -> None:
        """Let go of the journals and the vendors."""
        self.ship()
        self._closing.close()
        self._shipper.close()


PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Mobile Safari/537.36",
    "Accept-Language": "zh-CN",
}


def _read(said: TestResponse, path: str) -> Any:
    if said.status_code >= 400:
        raise DemoFailed(f"{path.split('?')[0]} answered {said.status_code}: {said.get_data(as_text=True)[:400]}")
    return json.loads(said.get_data()) if said.get_data() else None
