"""What every answer shares: pages of items, problems, and how strict the reading is."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Shape(BaseModel):
    """An answer of the API. Fields the UI does not know are ignored, so that the API may grow."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True)


class Anything(Shape):
    """An answer whose body does not matter."""


Item = TypeVar("Item", bound=BaseModel)


class Listed(Shape, Generic[Item]):
    """One page of a list, and the cursor of the next."""

    items: list[Item] = []
    next: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _accept_bare_list(cls, value: Any) -> Any:
        return {"items": value} if isinstance(value, list) else value


class FieldProblem(Shape):
    """One bad field of a request."""

    path: str = ""
    code: str = ""
    message: str = ""


class Problem(Shape):
    """RFC 9457 as the API speaks it."""

    title: str = ""
    detail: str = ""
    code: str = "internal"
    status: int = 0
    request_id: str = ""
    errors: list[FieldProblem] = Field(default=[], alias="fields")


class Name(Shape):
    """A name in both languages."""

    zh: str = ""
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _accept_plain_text(cls, value: Any) -> Any:
        return {"zh": value, "en": value} if isinstance(value, str) else value

    def in_language(self, lang: str) -> str:
        """The name in `lang`, or in the other language when it has only that one."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)
