"""The page: the conversation with the vendors, and their modes to set. Plain HTML, in Chinese and English."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import ValidationError
from werkzeug import Request, Response

from core.sdk.moments import CHINA
from core.simulator.day import live_a_day
from core.simulator.moods import Answers, Moods
from core.simulator.stage import Simulator

SHARES = ("late", "doubled", "shuffled", "lost", "wrong")
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["clock"] = lambda at: at.astimezone(CHINA).strftime("%H:%M:%S.%f")[:-3]
Lang = Literal["zh", "en"]
_TEXTS = tomllib.loads((Path(__file__).parent / "templates" / "words.toml").read_text(encoding="utf-8"))
WORDS: dict[Lang, dict[str, str]] = {
    "zh": {name: text["zh"] for name, text in _TEXTS.items()},
    "en": {name: text["en"] for name, text in _TEXTS.items()},
}


@dataclass(frozen=True)
class View:
    """What the address says about the page: language, one vendor or all, and a word about what was just done."""

    lang: Lang
    vendor: str
    said: str = ""

    def to(self, **changes: str) -> str:
        """The address of the same page with something changed."""
        return f"/?lang={changes.get('lang', self.lang)}&vendor={changes.get('vendor', self.vendor)}"


def show_page(simulator: Simulator, request: Request) -> Response:
    """The page; `part=talk` is the conversation alone, which the page asks for every two seconds."""
    view = _view(simulator, request)
    name = "talk.html" if request.args.get("part") == "talk" else "page.html"
    return Response(_render(simulator, view, name), content_type="text/html; charset=utf-8")


def change_by_page(simulator: Simulator, request: Request) -> Response:
    """A button was pressed: do it, and show the page again."""
    view, form = _view(simulator, request), request.form
    try:
        said = _do(simulator, view, form.get("do", ""), form.to_dict())
    except (KeyError, ValidationError, ValueError) as error:
        shown = View(view.lang, view.vendor, f"{WORDS[view.lang]['not_done']} {type(error).__name__}: {error}")
        return Response(_render(simulator, shown, "page.html"), 422, content_type="text/html; charset=utf-8")
    shown = View(view.lang, view.vendor, said)
    return Response(_render(simulator, shown, "page.html"), content_type="text/html; charset=utf-8")


def _do(simulator: Simulator, view: View, what: str, form: dict[str, str]) -> str:
    words, key = WORDS[view.lang], view.vendor
    match what:
        case "reset":
            simulator.reset()
        case "advance":
            simulator.queue.advance(float(form["seconds"]))
        case "day":
            day = live_a_day(simulator, waits=True)
            return words["day_done"].format(people=len(day.visitors), opened=day.opened, orders=day.orders)
        case "moods":
            given = {name: form[name] for name in Moods.model_fields if form.get(name, "") != ""}
            simulator.moods[key] = Moods.model_validate(given)
        case "settings":
            settings = simulator.vendors[key].settings
            settings |= {name: form[name] for name in settings if name in form}
        case "hook":
            _enter_hook(simulator, key, form)
        case "tell":
            fields = {name: value for name, value in form.items() if name not in ("do", "what")}
            simulator.tell(key, form["what"], fields)
        case _:
            raise ValueError(f"no button does {what!r}")
    return words["done"]


def _enter_hook(simulator: Simulator, key: str, form: dict[str, str]) -> None:
    hooks, label = simulator.vendors[key].hooks, form.get("label", "")
    if form.get("url"):
        hooks[label] = form["url"]
    else:
        hooks.pop(label, None)


def _view(simulator: Simulator, request: Request) -> View:
    asked = request.args.get("lang") or request.accept_languages.best_match(["zh", "en"]) or "zh"
    vendor = request.args.get("vendor", "")
    return View("en" if asked.startswith("en") else "zh", vendor if vendor in simulator.vendors else "")


def _render(simulator: Simulator, view: View, name: str) -> str:
    return TEMPLATES.get_template(name).render(
        view=view,
        t=WORDS[view.lang],
        vendors=simulator.vendors,
        chosen=simulator.vendors.get(view.vendor),
        moods=simulator.moods.get(view.vendor),
        entries=list(reversed(simulator.conversation.entries(vendor=view.vendor)))[:200],
        counts=simulator.queue.counts,
        waiting=simulator.queue.waiting()[:20],
        answers=get_args(Answers),
        shares=SHARES,
        spans=[(label, timedelta(**span).total_seconds()) for label, span in SPANS],
    )


SPANS: list[tuple[str, dict[str, float]]] = [
    ("span_hour", {"hours": 1}),
    ("span_day", {"days": 1}),
    ("span_month", {"days": 30}),
]
