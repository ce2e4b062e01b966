"""Meetings and follow-ups to a calendar file, for a scheduler: nothing is touched where nothing has changed.

python examples/export_calendar.py interviews.db interviews.ics
"""

import sys

import infoint


def main(database: str, out: str) -> None:
    """Write the file, and say whether it is another than before."""
    with infoint.open(f"sqlite:{database}", read_only=True) as ws:  # a mistyped path is an error, never an empty calendar
        changed = ws.calendar().write(out)
    print(f"{out}: {'changed' if changed else 'as it was'}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
