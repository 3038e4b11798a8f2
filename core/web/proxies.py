"""Which Host a request may name, and how far a reverse proxy is believed about the caller's address."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core.settings import Settings


def install_proxies(app: Flask, config: Settings) -> None:
    """Refuse hosts that are not ours, so that no link we print leads elsewhere; count login attempts by real address.

    Install it last: it must be the first to see a request.
    """
    app.config["TRUSTED_HOSTS"] = config.hosts
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own documented place for WSGI layers
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
