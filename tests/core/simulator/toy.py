"""A vendor for tests: believes who knows a word, and signs its one callback with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from core.sdk import Text
from core.simulator.stage import Simulator
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, News, Posting, Reply, say
from tests.simulators import Postbox

HOOK = "http://127.0.0.1:9/hooks/secret"


class Toy(Vendor):
    key = "toy"
    name = Text(zh="玩具", en="Toy")
    hosts = ("toy.example", "*.toys.example")
    account = {"word": "please"}
    console = {"colour": "red"}
    troubles = {"forged": "no", "garbage": "what", "busy": "wait", "empty": "broke"}
    topics = {"hello": Text(zh="打招呼", en="Say hello")}
    asks_for = {"hello": ("text",)}
    retries = (60, 300)

    def forget(self) -> None:
        self.done = 0

    def why_forged(self, asked: Asked) -> str:
        return "" if asked.headers["word"] == "please" else "another word"

    def answer(self, asked: Asked) -> Reply:
        count = int(str(asked.fields["count"]))
        for number in range(count):
            self.done += 1
            self.later(News(f"done-{number}", str(number).encode()))
        return say({"ok": count})

    def refuse(self, code: str) -> Reply:
        return say({"code": code}, 400)

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        return replace(super().pack(news, url, at), headers={"sign": news.content.decode()})

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        return News({"hello": "hello"}[what], fields["text"].encode())


def make_toy(post: Postbox | None = None) -> tuple[Simulator, Toy]:
    toy = Toy()
    toy.hooks[""] = HOOK
    return Simulator(only=[toy], post=post or Postbox()), toy
