"""Any system's JSON as events, by rules that an operator writes: our field = a JSON pointer into theirs.

For vendors that publish no format, and for everybody's own systems. A mapping is a text of lines; `read_mapping` checks
it and `map_body` applies it. Pure: the same body gives the same events.
"""

from core.sdk.mapped.pointers import list_pointers, value_at
from core.sdk.mapped.reading import MappedBody, map_body
from core.sdk.mapped.rules import TARGETS, Mapping, read_mapping

__all__ = ["TARGETS", "MappedBody", "Mapping", "list_pointers", "map_body", "read_mapping", "value_at"]
