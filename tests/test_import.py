"""What importing a few values costs: nothing that is not needed yet."""

import subprocess
import sys

import pytest

HEAVY = (
    "icalendar",
    "dateutil.tz",
    "dateutil",
    "cattrs",
    "sqlite3",
    "pluggy",
    "infoint.calendar",
    "infoint.notes",
    "infoint.storage",
)


@pytest.mark.parametrize(
    "statement", ["from infoint import Contact, Interview, Question, FollowUp", "import infoint.codec", "import infoint"]
)
def test_values_come_without_calendars_and_storage(statement: str) -> None:
    """A web worker or a command-line tool that needs two values would start slowly."""
    code = f"import sys; {statement}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=True, capture_output=True, text=True
    )
    assert result.stdout.split() == []
