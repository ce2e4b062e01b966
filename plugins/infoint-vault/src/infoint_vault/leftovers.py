"""Whether a file that holds what could not be saved is of any use still, once its record has been saved. How it came to be is `journal`'s."""

from collections.abc import Mapping
from typing import Final

from infoint.plain import JSON
from infoint_vault.page import Page, read_page
from infoint_vault.page_writing import write_page
from infoint_vault.splices import same
from infoint_vault.yaml_text import NotReadable

_STAMPS: Final = frozenset({"edited_at"})
"""Keys that say when a record was saved, and nothing of what anybody wrote."""


def is_contained(content: bytes, saved: bytes) -> bool:
    """Whether everything that `content` says is in `saved` too: each value, each item of a list, each line of a text, each remark. Values
    that are empty say nothing.
    """
    try:
        left, kept = read_page(content), read_page(saved)
    except NotReadable:
        return False
    data = {key: value for key, value in left.sheet.data.items() if key not in _STAMPS}
    prose = left.sheet.prose
    return (
        _lines(str(data.pop(prose, ""))) <= _lines(str(kept.sheet.data.get(prose, "")))
        and _is_within(data, kept.sheet.data)
        and left.sheet.id == kept.sheet.id
        and _remarks(left) <= _lines(kept.text)
    )


def _is_within(part: JSON, whole: JSON) -> bool:
    if part is None or part in ("", [], {}):
        return True
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(_is_within(value, whole.get(key)) for key, value in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(same(item, other) for other in whole) for item in part)
    return same(part, whole)


def _remarks(page: Page) -> set[str]:
    """Lines that infoint would not have written for this data, so somebody else has."""
    return _lines(page.text) - _lines(write_page(page.sheet).decode())


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}
