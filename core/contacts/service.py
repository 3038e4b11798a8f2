"""The verbs of the slice, under one name; each lives in a room of its own."""

from core.contacts.finding import find_contact, search
from core.contacts.identities import IdentityClaim, normalise, normalise_all
from core.contacts.ignoring import ignore
from core.contacts.lookup import family, roots_of
from core.contacts.merging import approve, list_merges, merge, reject, undo_merge
from core.contacts.profiles import describe, profile_of
from core.contacts.resolving import resolve
from core.contacts.tagging import tag, tags_of, untag

__all__ = [
    "IdentityClaim",
    "approve",
    "describe",
    "family",
    "find_contact",
    "ignore",
    "list_merges",
    "merge",
    "normalise",
    "normalise_all",
    "profile_of",
    "reject",
    "resolve",
    "roots_of",
    "search",
    "tag",
    "tags_of",
    "undo_merge",
    "untag",
]
