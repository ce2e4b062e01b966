"""What a subscriber's question costs, where nothing has changed: a 304 beside the calendar, over SQLite, in one run.

python tests/benchmarks/feed_cost.py
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import infoint
from infoint import Contact, Interview, Meeting, MeetingFormat, derive_id, events
from infoint.calendar import ContentLevel, FeedOptions
from infoint.model import HistoryEntry

SIZES = (100, 1_000, 3_000)
REPEATS = 3


def talk(number: int) -> Interview:
    """One that is asked for and scheduled."""
    start = datetime(2026, 1, 5, 16, tzinfo=UTC) + timedelta(hours=number)
    return Interview(
        id=derive_id("benchmark", "talk", number),
        contact_ids=(derive_id("benchmark", "person", number),),
        history=(
            HistoryEntry(start - timedelta(days=9), events.Requested()),
            HistoryEntry(start - timedelta(days=7), events.Scheduled(Meeting(start=start, format=MeetingFormat.PHONE))),
        ),
    )


def fill(engine: infoint.Engine, size: int) -> None:
    """Saved as they are: planning follow-ups is another benchmark's."""
    people = [Contact(id=derive_id("benchmark", "person", number), name=f"Ana {number}") for number in range(size)]
    engine.workspace("default", zone="Europe/Madrid")
    with engine.sessions("default").writing() as unit:
        unit.save(*people)
        unit.save(*(talk(number) for number in range(size)))


def seconds(workspace: infoint.Workspace, tag: str, status: int) -> float:
    """The median of some answers, each from a feed of its own, as a server makes them."""
    taken = []
    for _ in range(REPEATS):
        begin = perf_counter()
        answer = workspace.feed(FeedOptions(content=ContentLevel.FULL)).respond(if_none_match=tag)
        taken.append(perf_counter() - begin)
        assert answer.status == status
    return median(taken)


def main() -> None:
    """Print the table."""
    print(f"{'talks':>7} {'200, ms':>9} {'304, ms':>9} {'200 : 304':>10}")
    first = 0.0
    for size in SIZES:
        with TemporaryDirectory() as folder, infoint.Engine(f"sqlite:{Path(folder) / 'feed.db'}") as engine:
            fill(engine, size)
            workspace = engine.workspace("default")
            tag = workspace.feed(FeedOptions(content=ContentLevel.FULL)).etag
            whole, unchanged = seconds(workspace, "", 200), seconds(workspace, tag, 304)
        first = first or unchanged
        print(f"{size:>7} {whole * 1000:>9.1f} {unchanged * 1000:>9.3f} {whole / unchanged:>10.0f}")
    print(f"a 304 of {SIZES[-1]} talks costs {unchanged / first:.2f} times one of {SIZES[0]}")


if __name__ == "__main__":
    main()
