"""What the SQLite storage costs beside the same work written by hand over sqlite3, and beside SQLAlchemy's ORM; all in one run, in
turns. The bars: in one commit 1.6 times as long as by hand, a durable commit of one record 1.3, reading one record 2, fifty follow-ups
due before a day 2, and as fast among a million as among ten thousand (1.3); with typed values 1.5; always faster than the ORM.

    python tests/benchmarks/sqlite.py [--quick]

Ends with 1 where a bar is missed. `--quick`: a tenth of the records. Processor time, but for the durable commit, where waiting for the
disk is the point.
"""

import gc
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sqlite_peers import LATEST, NOW, ByHand, ByOrm, Plain, plain_of, value_of

from infoint import codec
from infoint.model import FollowUp, FollowUpKind, derive_id
from infoint.storage import Condition, IndexField, Key, Op, Query, Write
from infoint.storage.sqlite import SqliteStorage

BULK, ORM_BULK, TYPED, COMMITS, READS, FEW, MANY = 100_000, 5_000, 5_000, 300, 2_000, 10_000, 1_000_000
DUE = Query(kind="follow-up", where=(Condition(IndexField.DUE, Op.LT, LATEST),), sort=IndexField.DUE, limit=50)
SEARCHED = ("thank", "research", "ana 77")
ROUNDS = 5
FIELDS = {field.value: field for field in IndexField}


def follow_up(number: int) -> FollowUp:
    """One that planning would make."""
    talk = derive_id("benchmark", "talk", number // 2)
    return FollowUp(
        id=derive_id("benchmark", "follow-up", number),
        kind=FollowUpKind.THANK_YOU,
        due=date(2026, 1, 1) + timedelta(days=number * 7919 % 3000),
        contact_id=derive_id("benchmark", "person", number // 3),
        interview_id=talk,
        anchor=f"interview:{talk}:start",
        summary=f"Thank Ana {number} for the talk about research",
    )


def write_of(one: FollowUp) -> Write:
    """As the engine makes it."""
    index = {FIELDS[name]: values for name, values in codec.index(one).items()}
    return Write(
        kind="follow-up",
        id=one.id,
        expect=one.version,
        updated_at=NOW,
        schema=codec.SCHEMA,
        data=codec.dump(one),
        index=index,
        text=codec.text(one),
    )


class Ours:
    """The storage, asked the way its peers are."""

    def __init__(self, path: Path) -> None:
        """Makes it."""
        self.storage = SqliteStorage(path)
        self.storage.open(create=True)

    def put(self, writes: Iterable[Write]) -> None:
        """One commit."""
        with self.storage.session("ana", write=True) as session:
            session.put_many(list(writes))
            session.commit()


class Figures:
    """What was measured, and which bars it missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def tell(self, name: str, ours: float, peer: float, bar: float, against: str = "by hand") -> None:
        """Seconds of both."""
        ratio = ours / peer
        verdict = "" if ratio <= bar else "  OVER"
        print(f"{name:<44}{ours * 1e6:>12,.1f} µs {peer * 1e6:>12,.1f} µs {ratio:>6.2f} ≤ {bar:<4} {against}{verdict}")
        if ratio > bar:
            self.missed.append(name)


def timed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    """Seconds."""
    begin = clock()
    work()
    return clock() - begin


def in_turns(clock: Callable[[], float], *works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The least of each: what else the machine does only adds."""
    gc.collect()
    times = [[timed(clock, work) for work in works] for _ in range(rounds)]
    return [min(one) for one in zip(*times, strict=True)]


def bulk(folder: Path, figures: Figures, size: int) -> tuple[Ours, ByHand]:
    """All in one commit, into new files; the middle of three."""
    writes = [write_of(follow_up(number)) for number in range(size)]
    plain = [Plain.of(write) for write in writes]
    gc.collect()
    gc.freeze()
    ratios = []
    for turn in range(3):
        ours, hand = Ours(folder / f"ours{turn}.db"), ByHand(folder / f"hand{turn}.db")
        by_hand = timed(process_time, lambda: hand.put(plain))  # noqa: B023  # called at once
        by_us = timed(process_time, lambda: ours.put(writes))  # noqa: B023  # as above
        ratios.append((by_us / by_hand, by_us, by_hand))
        if turn < 2:
            ours.storage.close()
            hand.connection.close()
    _, by_us, by_hand = median(ratios) if len(ratios) % 2 == 0 else sorted(ratios)[1]
    figures.tell(f"{size:,} records in one commit, each", by_us / size, by_hand / size, 1.6)
    return ours, hand


def commits(ours: Ours, hand: ByHand, figures: Figures, first: int) -> None:
    """One record each, waited for; the medians."""
    writes = [write_of(follow_up(first + number)) for number in range(2 * COMMITS)]
    plain = [Plain.of(write) for write in writes]
    times = [
        (timed(perf_counter, lambda: hand.put([plain[2 * n]])), timed(perf_counter, lambda: ours.put([writes[2 * n + 1]])))  # noqa: B023
        for n in range(COMMITS)
    ]
    by_hand, by_us = (median(one) for one in zip(*times, strict=True))
    figures.tell("durable commit of one", by_us, by_hand, 1.3)


def reads(ours: Ours, hand: ByHand, figures: Figures, size: int) -> None:
    """In one transaction, but for the last."""
    keys = [Key("follow-up", follow_up(number * size // READS).id) for number in range(READS)]

    def each() -> None:
        for key in keys:
            with ours.storage.session("ana") as one:
                one.get_many([key])

    with ours.storage.session("ana") as session:
        by_us, by_hand = in_turns(
            process_time, lambda: [session.get_many([key]) for key in keys], lambda: [hand.get(*key) for key in keys]
        )
        figures.tell("one record by its key", by_us / READS, by_hand / READS, 2)
        by_us, by_hand = in_turns(
            process_time, lambda: [session.query(DUE) for _ in range(100)], lambda: [hand.due(50) for _ in range(100)]
        )
        figures.tell("due before a day, in order, 50 rows", by_us / 100, by_hand / 100, 2)
        for text in SEARCHED:
            spent = in_turns(process_time, lambda: session.search(text))[0]  # noqa: B023  # called at once
            print(f"{'search of ' + repr(text) + ', newest 50':<44}{spent * 1e6:>12,.1f} µs")
    by_us, by_hand = in_turns(process_time, each, lambda: [hand.session(*key) for key in keys])
    figures.tell("  in a transaction of its own", by_us / READS, by_hand / READS, 2)


def growth(folder: Path, figures: Figures, few: int, many: int) -> None:
    """The same question among few and many follow-ups, filled in by plain SQL."""
    both = [filled(folder / f"{size}.db", size) for size in (few, many)]
    with both[0].storage.session("ana") as small, both[1].storage.session("ana") as large:
        among_few, among_many = in_turns(
            process_time, lambda: [small.query(DUE) for _ in range(40)], lambda: [large.query(DUE) for _ in range(40)], rounds=9
        )
    figures.tell(f"due before a day, among {many:,}", among_many / 40, among_few / 40, 1.3, f"among {few:,}")


def filled(path: Path, size: int) -> Ours:
    """One follow-up as the storage wrote it, so many times."""
    ours = Ours(path)
    ours.put([write_of(follow_up(1))])
    with ours.storage._borrowed(write=True) as (connection, _):  # no other way in
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM entry")
        connection.execute(
            "CREATE TEMP TABLE number AS WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ?) SELECT n FROM n",
            (size,),
        )
        connection.execute(
            "INSERT INTO record (workspace, kind, id, version, seq, deleted, valued, schema_major, schema_minor, updated_at, indexed, data, text)"
            " SELECT workspace, kind, CAST(printf('%016d', n) AS BLOB), version, seq, deleted, valued, schema_major, schema_minor, updated_at,"
            " replace(indexed, '2031-04-04', date('2026-01-01', '+' || (n * 7919 % 3000) || ' days')), data, '' FROM record, number WHERE row = 1"
        )
        connection.execute(
            "INSERT INTO entry (workspace, kind, field, value, id, first)"
            " SELECT workspace, kind, 'due', json_extract(indexed, '$.due[0]'), id, 1 FROM record ORDER BY 4, 5"
        )
        connection.execute("COMMIT")
    ours.storage.close()
    ours.storage.open()
    return ours


def typed(folder: Path, figures: Figures, size: int) -> None:
    """Values in, values out."""
    values = [follow_up(number) for number in range(size)]
    ours, hand = Ours(folder / "typed.db"), ByHand(folder / "typed-by-hand.db")

    def by_hand() -> list[FollowUp]:
        return [value_of(row[7], row[2]) for row in hand.all()]

    def by_us() -> list[FollowUp]:
        with ours.storage.session("ana") as session:
            rows = session.query(Query(kind="follow-up", limit=10_000)).items
            return [codec.load(FollowUp, row.data, version=row.version) for row in rows]

    written = in_turns(process_time, lambda: ours.put(map(write_of, values)), lambda: hand.put(map(plain_of, values)), rounds=1)
    assert by_us() == by_hand()  # both are to do the same
    read = in_turns(process_time, by_us, by_hand, rounds=3)
    rows = hand.all()
    alone = in_turns(
        process_time,
        lambda: [codec.load(FollowUp, row[7]) for row in rows],
        lambda: [value_of(row[7], 0) for row in rows],
        lambda: [codec.dump(one) for one in values],
        lambda: [write_of(one) for one in values],
    )
    loaded, by_hands, dumped, made = (one / size * 1e6 for one in alone)
    print(
        f"  of it: codec.load {loaded:.1f} (by hand {by_hands:.1f}), codec.dump {dumped:.1f}, a Write with its checks {made:.1f} µs"
    )
    print(f"  written {written[0] / written[1]:.2f} × by hand, read {read[0] / read[1]:.2f} ×; together:")
    figures.tell("typed values, written and read", (written[0] + read[0]) / size, (written[1] + read[1]) / size, 1.5)


def against_orm(folder: Path, figures: Figures, size: int) -> None:
    """The same rows."""
    writes = [write_of(follow_up(number)) for number in range(size + 2 * COMMITS)]
    plain = [Plain.of(write) for write in writes]
    ours, orm = Ours(folder / "ours-orm.db"), ByOrm(folder / "orm.db")
    by_orm, by_us = timed(process_time, lambda: orm.put(plain[:size])), timed(process_time, lambda: ours.put(writes[:size]))
    figures.tell(f"{size:,} records in one commit, each", by_us / size, by_orm / size, 1, "ORM")
    times = [
        (timed(perf_counter, lambda: orm.put([plain[size + n]])), timed(perf_counter, lambda: ours.put([writes[size + n]])))  # noqa: B023
        for n in range(COMMITS)
    ]
    by_orm, by_us = (median(one) for one in zip(*times, strict=True))
    figures.tell("durable commit of one", by_us, by_orm, 1, "ORM")
    keys = [Key("follow-up", write.id) for write in writes[:200]]

    def each() -> None:
        for key in keys:
            with ours.storage.session("ana") as session:
                session.get_many([key])

    def due() -> None:
        for _ in range(20):
            with ours.storage.session("ana") as session:
                session.query(DUE)

    by_us, by_orm = in_turns(process_time, each, lambda: [orm.get(*key) for key in keys])
    figures.tell("one record in a transaction of its own", by_us / 200, by_orm / 200, 1, "ORM")
    by_us, by_orm = in_turns(process_time, due, lambda: [orm.due(50) for _ in range(20)])
    figures.tell("due before a day, in order, 50 rows", by_us / 20, by_orm / 20, 1, "ORM")


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    part = 10 if "--quick" in sys.argv[1:] else 1
    figures = Figures()
    print(f"{'':<44}{'ours':>15} {'peer':>15} {'ratio':>6}   bar")
    with TemporaryDirectory() as name:
        folder = Path(name)
        ours, hand = bulk(folder, figures, BULK // part)
        commits(ours, hand, figures, BULK // part)
        reads(ours, hand, figures, BULK // part)
        typed(folder, figures, TYPED)
        against_orm(folder, figures, ORM_BULK)
        growth(folder, figures, FEW, MANY // part)
    print(f"over the bar: {', '.join(figures.missed)}" if figures.missed else "within the bars")
    return int(bool(figures.missed))


if __name__ == "__main__":
    sys.exit(main())
