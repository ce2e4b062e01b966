"""Reads files in a process of its own, whose memory is limited: one line of JSON in (a seed, or a file by name), one out."""

import json
import resource
import sys
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

MEMORY = 256 * 1024**2
"""Octets for a file, beside what the program takes before it reads one."""


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from fuzz_files import file_of  # the folder is no package

    from infoint.calendar import read_busy, read_ics, to_ics  # noqa: F401 - loaded before memory is measured
    from infoint.calendar.reading.file_zones import zone_named
    from infoint.errors import InfointError

    zone_named("W. Europe Standard Time")  # loads icalendar
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)
    madrid = ZoneInfo("Europe/Madrid")
    for line in sys.stdin:
        told = json.loads(line)
        content = file_of(told)
        began = time.process_time()
        try:
            found = read_busy(
                content,
                zone=madrid,
                after=datetime(2026, 1, 1, tzinfo=madrid),
                until=date(2026, 12, 31),
                mine=["ana@oak.example"],
            )
            outcome = "read" if found.busy else "nothing"
        except InfointError as error:
            outcome = error.code
        except BaseException as error:  # noqa: BLE001 - that is what is looked for
            outcome = f"!{type(error).__name__}: {error}"
        sys.stdout.write(json.dumps({"file": told, "outcome": outcome, "seconds": time.process_time() - began}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
