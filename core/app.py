"""The Flask application, as a list of what it is made of."""

from importlib import import_module
from types import ModuleType

from flask_openapi3 import Info, OpenAPI
from sqlalchemy.exc import OperationalError

from core import settings
from core.access.gate import AccessGate, install_origins
from core.db import Database, connect, platform_reading
from core.db.slices import load_models
from core.logs import logger, start_logging
from core.placements.front_door import answer_links_first
from core.web.body import BODY_LIMIT, StrictRequest
from core.web.envelope import install_envelope, raise_invalid
from core.web.gate import Gate, install_gate
from core.web.idempotency import install_idempotency
from core.web.proxies import install_proxies

log = logger(__name__)

SLICES_WITH_ROUTES = (
    "core.web.health",
    "core.jobs.api",
    "core.files.api",
    "core.access.login_pages",
    "core.access.me_api",
    "core.access.tenants_api",
    "core.access.people_api",
    "core.access.keys_api",
    "core.access.audit_api",
    "core.channels.api",
    "core.channels.mapping_api",
    "core.placements.api",
    "core.placements.printing_api",
    "core.placements.art_api",
    "core.ingest.api",
    "core.ingest.exports_api",
    "core.ingest.hooks_api",
    "core.ingest.segment_api",
    "core.contacts.api",
    "core.erasure.api",
    "core.contacts.merges_api",
    "core.contacts.ignoring_api",
    "core.referrals.api",
    "core.touchpoints.api",
    "core.orders.api",
    "core.consent.api",
    "core.segments.api",
    "core.campaigns.api",
    "core.experiments.api",
    "core.ingest.cards",
    "core.cards.api",
    "core.cards.doubts_api",
    "core.rewards.pages",
    "core.rewards.api",
    "core.stores.api",
    "core.stores.spot_pages",
    "core.stores.clerk_pages",
    "core.ingest.claims_api",
    "core.ingest.show_viewers_api",
    "core.outgoing.api",
    "core.attribution.api",
    "core.attribution.insides_api",
    "core.attribution.compare_api",
    "core.insights.api",
    "core.insights.agency_api",
    "core.insights.costs_api",
    "core.insights.channel_use_api",
    "core.insights.figures_api",
    "core.insights.card_rates_api",
    "core.insights.cohorts_api",
    "core.insights.sales_api",
    "core.insights.messages_api",
    "core.insights.shows_api",
)


def create_app(gate: Gate | None = None) -> OpenAPI:
    """The API on the process's database. `gate` decides who may enter (tests hand in their own)."""
    app = OpenAPI(
        "siyu",
        info=Info(title="Siyu 私域", version="1"),
        security_schemes={"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "siyu_<id>_<secret>"}},
        validation_error_callback=raise_invalid,
        doc_ui=True,
        static_folder=None,
    )
    app.request_class = StrictRequest
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the same; a form keeps the order of its plugin
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]  # forms are drawn in the order of their fields
    install_envelope(app)
    install_origins(app)
    install_gate(app, gate or AccessGate())
    install_idempotency(app)
    for slice_with_routes in load_slices():
        app.register_api(slice_with_routes.api)
    answer_links_first(app)
    install_proxies(app, settings.current())
    return app


def load_slices() -> list[ModuleType]:
    """Every slice that answers over HTTP, imported."""
    load_models()
    return [import_module(name) for name in SLICES_WITH_ROUTES]


def serve() -> OpenAPI:
    """What granian calls: connect the database of the settings, then make the app."""
    config = settings.current()
    start_logging(config.log_level)
    config.key()
    connect(Database(config.database))
    _ask_database()
    return create_app()


def _ask_database() -> None:
    """Refuse to serve from an unguarded database. One that is away is waited for: links are answered meanwhile."""
    try:
        with platform_reading() as session:
            session.connection()
    except OperationalError as error:
        log.warning("the database does not answer yet: %s", type(error.orig).__name__)
