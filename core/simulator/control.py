"""`/_control/...`: what tests and the admin pages tell the simulator. JSON in and out; docs/simulator.md lists it."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug import Request, Response

from core.simulator.day import live_a_day
from core.simulator.moods import Moods
from core.simulator.stage import Simulator


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HookForm(_Form):
    """Where a vendor should call back; an empty `url` takes the hook away."""

    url: str = Field(max_length=2000)
    label: str = Field("", max_length=200)


class TellForm(_Form):
    """News to tell by hand."""

    what: str
    fields: dict[str, str] = {}


class AdvanceForm(_Form):
    """How much time passes for callbacks that wait."""

    seconds: float = Field(ge=0, le=400 * 86_400)


class DayForm(_Form):
    """The seed of a day, with which the same people come again; whether to wait until messages are sent."""

    seed: int | None = None
    waits: bool = True


def control(simulator: Simulator, request: Request) -> Response:
    """One request to the control API."""
    parts = request.path.removeprefix("/_control/").strip("/").split("/")
    try:
        told = _read(request)
        if parts[0] == "vendors" and len(parts) == 3:
            return _say(_VENDOR[request.method, parts[2]](simulator, parts[1], told))
        return _say(_WHOLE[request.method, "/".join(parts)](simulator, request, told))
    except ValidationError as error:
        return _say({"error": error.errors(include_url=False, include_input=False, include_context=False)}, 422)
    except KeyError as error:
        return _say({"error": f"there is no {error}"}, 404)
    except (ValueError, RecursionError) as error:
        return _say({"error": str(error)}, 400)


def describe(simulator: Simulator) -> list[dict[str, Any]]:
    """All vendors: account, hooks, settings, modes and what they can tell."""
    return [
        {
            "key": key,
            "name": one.name.model_dump(),
            "hosts": list(one.hosts),
            "account": dict(one.account),
            "settings": one.settings,
            "hooks": sorted(one.hooks),
            "moods": simulator.moods[key].model_dump(),
            "topics": {topic: text.model_dump() for topic, text in one.topics.items()},
        }
        for key, one in simulator.vendors.items()
    ]


def _read(request: Request) -> Any:
    body = request.get_data()
    told = json.loads(body) if body else {}
    if not isinstance(told, dict):
        raise ValueError("the body is no JSON object")
    return told


def _say(told: Any, status: int = 200) -> Response:
    return Response(json.dumps(told, ensure_ascii=False, default=str), status, content_type="application/json")


def _set_moods(simulator: Simulator, key: str, told: Any) -> Any:
    simulator.moods[key] = Moods.model_validate(simulator.moods[key].model_dump() | told)
    return simulator.moods[key].model_dump()


def _set_hook(simulator: Simulator, key: str, told: Any) -> Any:
    form, hooks = HookForm.model_validate(told), simulator.vendors[key].hooks
    if form.url:
        hooks[form.label] = form.url
    else:
        hooks.pop(form.label, None)
    return {"hooks": sorted(hooks)}


def _set_settings(simulator: Simulator, key: str, told: Any) -> Any:
    settings = simulator.vendors[key].settings
    for name, value in told.items():
        if name not in settings or not isinstance(value, str):
            raise KeyError(f"setting {name} of {key}")
        settings[name] = value
    return settings


def _tell(simulator: Simulator, key: str, told: Any) -> Any:
    form = TellForm.model_validate(told)
    simulator.tell(key, form.what, form.fields)
    return {"planned": simulator.queue.counts.planned}


def _list_conversation(simulator: Simulator, request: Request, told: Any) -> Any:
    after = int(request.args.get("after", "0"))
    found = simulator.conversation.entries(vendor=request.args.get("vendor", ""), after=after)
    return {"entries": [asdict(one) for one in found]}


def _count(simulator: Simulator, request: Request, told: Any) -> Any:
    return asdict(simulator.queue.counts) | {"waiting": len(simulator.queue.waiting())}


def _advance(simulator: Simulator, request: Request, told: Any) -> Any:
    simulator.queue.advance(AdvanceForm.model_validate(told).seconds)
    simulator.queue.wait_until_idle()
    return _count(simulator, request, told)


def _reset(simulator: Simulator, request: Request, told: Any) -> Any:
    simulator.reset()
    return {}


def _live_a_day(simulator: Simulator, request: Request, told: Any) -> Any:
    form = DayForm.model_validate(told)
    day = live_a_day(simulator, seed=form.seed, waits=form.waits)
    return {"people": len(day.visitors), "opened": day.opened, "orders": day.orders, "noted": day.noted}


_VENDOR: dict[tuple[str, str], Callable[[Simulator, str, Any], Any]] = {
    ("PUT", "moods"): _set_moods,
    ("PUT", "hook"): _set_hook,
    ("PUT", "settings"): _set_settings,
    ("POST", "tell"): _tell,
}
_WHOLE: dict[tuple[str, str], Callable[[Simulator, Request, Any], Any]] = {
    ("GET", "vendors"): lambda simulator, request, told: {"vendors": describe(simulator)},
    ("GET", "conversation"): _list_conversation,
    ("GET", "callbacks"): _count,
    ("POST", "advance"): _advance,
    ("POST", "reset"): _reset,
    ("POST", "day"): _live_a_day,
}
