"""What infoint's own kinds of record mean: the one place of the vault that knows an entity. What somebody edited by hand reaches no
codec on its way here, so its index values and its words are made anew; a kind that is not listed keeps those it was saved with.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from attrs import frozen

from infoint import codec
from infoint.errors import InvalidValue
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUp
from infoint.model.identity import Entity, derive_id
from infoint.model.interview import Interview
from infoint.model.profile import Profile
from infoint.model.touch import Touch
from infoint.plain import JSON
from infoint.storage.contract import IndexField, IndexValue, Key

TYPES: Final[Mapping[str, type[Entity]]] = {
    "contact": Contact,
    "profile": Profile,
    "exploration": Exploration,
    "interview": Interview,
    "follow-up": FollowUp,
    "touch": Touch,
}
_PROSE: Final = {"touch": "note", "follow-up": "draft", "profile": "introduction"}
_NAMED_BY: Final = {"contact": "name", "exploration": "subject", "profile": "name"}
"""Keys that a file written by hand may leave to its name."""
_TITLES: Final = ("name", "subject", "summary", "title")


@frozen
class Found:
    """What a record is found by, as `Write` takes it."""

    index: Mapping[IndexField, tuple[IndexValue, ...]]
    text: str


def prose_key(kind: str) -> str:
    """The key of what is written below the front matter of a new file."""
    return _PROSE.get(kind, "notes")


def found_by(kind: str, data: Mapping[str, JSON]) -> Found | None:
    """None for a kind that is not infoint's own. Raises InvalidValue, naming the place, for data that is no such entity."""
    if kind not in TYPES:
        return None
    entity = codec.load(TYPES[kind], data)
    index = {
        IndexField(name): tuple(value for value in values if value is not None) for name, values in codec.index(entity).items()
    }
    return Found(index, codec.text(entity))


def completed(kind: str, data: Mapping[str, JSON], id: UUID, stem: str) -> dict[str, JSON]:
    """What a person wrote, with what it takes to be an entity: its id, its name where that is the file's, and without properties that
    were emptied, where infoint knows no empty ones. Data of other kinds as it is.
    """
    if kind not in TYPES:
        return dict(data)
    whole: dict[str, JSON] = {"id": str(id), **data}
    named_by = _NAMED_BY.get(kind)
    if named_by and not whole.get(named_by):
        whole[named_by] = stem
    try:
        codec.load(TYPES[kind], whole)
    except InvalidValue:
        return {key: value for key, value in whole.items() if value is not None}
    return whole


def lost_name(kind: str, data: Mapping[str, JSON]) -> str:
    """The key by which a record is called and which it cannot be without, if it is; else ""."""
    key = _NAMED_BY.get(kind, "") if kind != "profile" else ""
    name = data.get(key)
    return key if key and (name is None or (isinstance(name, str) and not name.strip())) else ""


def schema_of(kind: str) -> tuple[int, int]:
    """The schema of what a person writes."""
    return codec.SCHEMA if kind in TYPES else (1, 0)


def id_for(workspace: str, kind: str, path: str, number: int) -> UUID:
    """For a file without one: the same for the same path, on every machine. `number`: how many of that path there were before."""
    if kind == "profile":
        return derive_id("profile")
    return derive_id("vault", workspace, kind, path, number)


def title(kind: str, data: Mapping[str, JSON]) -> str:
    """What a new file is called; "" where the data has no name for itself."""
    if kind == "profile":
        return "profile"
    return next((text for key in _TITLES if isinstance(text := data.get(key), str) and text), "")


def about(kind: str, data: Mapping[str, JSON]) -> tuple[Key, ...]:
    """Whose names a file is called by that has none of its own."""
    ids = data.get("contact_ids") if kind == "interview" else [data.get("contact_id")] if kind == "touch" else []
    return tuple(Key("contact", UUID(id)) for id in ids if isinstance(id, str) and _is_id(id)) if isinstance(ids, list) else ()


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
