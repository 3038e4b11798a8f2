"""Who is signed in, and what they may see."""

from typing import Literal

from admin_ui.shapes.web import Shape


class User(Shape):
    """The reader."""

    id: str
    name: str = ""
    email: str = ""
    language: Literal["zh", "en"] | None = None


class Agency(Shape):
    """The agency that owns the brands."""

    id: str
    name: str = ""


class Brand(Shape):
    """A tenant, with the reader's role in it."""

    id: str
    name: str
    role: str | None = None
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    scopes: list[str] = []


class Me(Shape):
    """The answer of /v1/me."""

    user: User
    agency: Agency
    role: str | None = None
    tenants: list[Brand] = []
