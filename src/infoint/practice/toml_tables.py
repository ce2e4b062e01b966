"""TOML read with errors that say where something is wrong. What a file means is said where it is read."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from infoint.errors import ImportRejected, InvalidValue


def parsed(text: str, source: str) -> dict[str, Any]:
    """The file as a table; `source` is what the error calls it. Raises ImportRejected."""
    if not isinstance(text, str):
        raise ImportRejected("TOML", f"{source}: needs text, got {type(text).__name__}")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ImportRejected("TOML", f"{source}: {error}") from None


def tables(table: Mapping[str, Any], key: str, source: str) -> list[dict[str, Any]]:
    """The `[[key]]` tables. Raises InvalidValue for what is none."""
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidValue(source, key, f"needs [[{key}]] tables")
    return rows


def texts(table: Mapping[str, Any], key: str, source: str) -> dict[str, str]:
    """The `[key]` table of texts. Raises InvalidValue for what is none."""
    row = table.get(key, {})
    if not isinstance(row, dict):
        raise InvalidValue(source, key, f"needs a [{key}] table")
    for name, text in row.items():
        if not isinstance(text, str) or not text.strip():
            raise InvalidValue(f"{source}, {key}", name, "needs a text")
    return row


def known_keys(row: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Raises InvalidValue for a key that is not among the known ones."""
    for key in row:
        if key not in known:
            raise InvalidValue(where, key, f"is no key of ours; there are {', '.join(sorted(known))}")
