"""How every reader here tells what it read, so that their answers can be compared: dates, instants in UTC, JSON by path."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

SHOWN = 60
"""Occurrences of one entry."""


def moment(value: date | None) -> str | None:
    """A date, or an instant; a floating time is an error."""
    if isinstance(value, datetime):
        assert value.utcoffset() is not None, "a floating time"
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value and value.isoformat()


def tell(read: Callable[[str], dict[str, object]]) -> None:
    """What `read` makes of each file named by an argument."""
    json.dump({path: read(Path(path).read_bytes().decode()) for path in sys.argv[1:]}, sys.stdout)
