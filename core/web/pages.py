"""Pages for people, drawn by the server: one calm frame (templates/page.html), two languages, strict headers."""

import secrets
from functools import cache
from urllib.parse import urlencode

from flask import Response, request
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape

LANGUAGES = ("zh", "en")
LANGUAGE_COOKIE = "siyu_lang"


def language_of_request() -> str:
    """`zh` or `en`: what the address says (`?lang=en`), else an earlier choice, else what the browser prefers."""
    for chosen in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    # Any Chinese will do for a reader of another Chinese, which exact matching would not see.
    preferred = (name.partition("-")[0].lower() for name in request.accept_languages.values())
    return next((name for name in preferred if name in LANGUAGES), "zh")


def page(package: str, template: str, status: int = 200, **values: object) -> Response:
    """Draw `<package>/templates/<template>`, which extends `page.html`.

    Every template is given `language`, `nonce` (for a style or script of its own) and `other_language`, the address
    of the same page in the other language.
    """
    language, nonce = language_of_request(), secrets.token_urlsafe(16)
    html = (
        _templates(package)
        .get_template(template)
        .render(
            language=language, nonce=nonce, other_language=_in_language("en" if language == "zh" else "zh"), **values
        )
    )
    response = Response(html, status, content_type="text/html; charset=utf-8")
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, httponly=True, samesite="Lax")
    response.headers["Content-Language"] = "zh-CN" if language == "zh" else "en"
    # A form's answer may redirect to the admin UI, which is another origin: form-action would stop it there.
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self' data:;"
        " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _in_language(language: str) -> str:
    # A page answering a POST is asked for again by GET; its address is the same.
    return "?" + urlencode({**request.args.to_dict(), "lang": language})


@cache
def _templates(package: str) -> Environment:
    loaders = [PackageLoader(package), PackageLoader("core.web")]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
