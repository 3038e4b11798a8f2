"""Puts the redirect in front of the Flask application: hooks and routing would cost more than the redirect itself."""

from pathlib import Path

from flask import Flask
from prometheus_client import Counter

from core import settings
from core.placements.journal import Journal
from core.placements.link_cache import LinkCache
from core.placements.links import look_up_target
from core.placements.miss_limit import MissLimit
from core.placements.redirect import Redirects
from core.secrets import derive
from core.settings import Settings

clicks_lost = Counter("siyu_clicks_unrecorded", "Clicks that were redirected but could not be written to the journal")

_NAME = "siyu.redirects"


def journal_folder(config: Settings) -> Path:
    """Where the processes of this machine keep their click journals."""
    return config.home / "clicks"


def journal_key(config: Settings) -> bytes:
    """What journals are sealed with."""
    return derive(config.key(), "click journals")


def answer_links_first(app: Flask) -> None:
    """Let `/t/<code>` be answered before Flask sees the request."""
    config = settings.current()
    redirects = Redirects(
        app.wsgi_app,
        links=LinkCache(look_up_target),
        journal=Journal(journal_folder(config), journal_key(config)),
        misses=MissLimit(),
        secure=config.https,
        count_lost=clicks_lost.inc,
    )
    app.extensions[_NAME] = redirects
    app.wsgi_app = redirects  # type: ignore[method-assign]  # Flask's own documented place for WSGI layers


def redirects_of(app: Flask) -> Redirects:
    """The layer in front of this app: its journal and its count of misses serve the cards, too."""
    redirects = app.extensions[_NAME]
    assert isinstance(redirects, Redirects)
    return redirects
