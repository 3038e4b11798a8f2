"""Lead forms that are pushed: a day brings a lead or two; nobody calls their vendors, unless one says otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import JsonValue

from core.sdk import Text
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, News, Reply, dump, say

if TYPE_CHECKING:
    from core.simulator.day import Day


class LeadForms(Vendor):
    """What such vendors have in common; `body` is the shape of each."""

    hosts: ClassVar[tuple[str, ...]] = ()
    retries = (60, 600, 3600)
    topics = {"lead": Text(zh="一条线索", en="A lead")}
    asks_for = {"lead": ("phone", "name")}

    def answer(self, asked: Asked) -> Reply:
        """Nobody is called here."""
        return self.refuse("404")

    def refuse(self, code: str) -> Reply:
        """Never asked."""
        return say({"code": code}, 404)

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """A lead."""
        if what != "lead":
            return super().tell(what, fields)
        return self._news(fields["phone"], fields.get("name", ""))

    def a_day(self, day: "Day") -> None:
        """Somebody sends each brand's form; such people look round in its shop, too."""
        for label in sorted(self.hooks) or [""]:
            for _ in range(day.rng.randint(1, 2)):
                person = day.person(label)
                day.visitors.append(person)
                self.later(replace(self._news(person.phone, person.name, label), label=label))

    def _news(self, phone: str, name: str, label: str = "") -> News:
        return News("lead", dump(self.body(self.new_id(), phone, name, label)), after=10.0)

    def new_id(self) -> str:
        """The id of one more lead."""
        return f"sim-{self.fresh_number()}"

    def body(self, lead_id: str, phone: str, name: str, label: str = "") -> JsonValue:
        """The push's body; `label` is whose form it is, where several brands share the account."""
        return {"id": lead_id, "phone": phone, "name": name}
