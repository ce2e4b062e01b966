"""Push a workspace's meetings and follow-ups to a calendar on a CalDAV server. For cron: run it as often as you like.

    CALDAV_PASSWORD=… python examples/push_to_caldav.py DATABASE URL USER [CALENDAR]

Needs `pip install infoint-caldav`. What was pushed is remembered in a file beside DATABASE. Exit codes: 0 all is there; 1 somebody
changed something on the server, or it did not take everything; 2 the push did not get through: run it again.
"""

import os
import sys
from pathlib import Path

from infoint_caldav import calendar_named, connect, push_with_state_file

import infoint
from infoint.errors import InfointError


def main(database: Path, url: str, user: str, calendar: str = "Informational interviews") -> int:
    """Push, and say what was done."""
    try:
        with (
            infoint.open(f"sqlite:{database}", read_only=True) as ws,  # a mistyped path is an error, and no new file
            connect(url, user, os.environ.get("CALDAV_PASSWORD", "")) as server,
        ):
            there = calendar_named(server, calendar, create=True)
            report = push_with_state_file(ws.calendar(), there, database.with_suffix(".caldav.json"))
    except InfointError as error:
        print(f"not pushed: {error}", file=sys.stderr)
        return 2
    print(report)
    for conflict in report.conflicts:
        print(f"{conflict.uid}: {conflict.kind} on the server, left as it is", file=sys.stderr)
    for failure in report.failures:
        print(failure, file=sys.stderr)
    return 0 if report.ok else 1


if __name__ == "__main__":
    if len(sys.argv) not in {4, 5}:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
