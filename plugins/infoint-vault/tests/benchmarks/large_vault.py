"""What ten thousand files cost: opening with and without an index, a look at a folder in which nothing changed, one edit, one save; beside
the least that can be done with the same files, in one run.

python plugins/infoint-vault/tests/benchmarks/large_vault.py [records]
"""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from infoint_vault.storage import VaultStorage

from infoint import Contact, codec, derive_id
from infoint.storage.contract import IndexField, Query, Record, Write

RECORDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
AT = datetime(2026, 11, 2, tzinfo=UTC)
TICK = 2.5
"""Seconds after which no file counts as fresh."""


def person(number: int) -> Contact:
    return Contact(
        id=derive_id("benchmark", number),
        name=f"Ana {number}",
        organization="Oak Labs",
        emails=(f"ana{number}@oak.example",),
        notes="Met at the fair. " * 20,
    )


def record_of(number: int) -> Record:
    entity = person(number)
    return Record(
        kind="contact", id=entity.id, version=1, seq=number + 1, updated_at=AT, schema=codec.SCHEMA, data=codec.dump(entity),
        index={IndexField(name): tuple(value for value in values if value is not None) for name, values in codec.index(entity).items()},
        text=codec.text(entity),
    )  # fmt: skip  # field by field would hide that it is the entity


def timed(call: Callable[[], object], times: int = 5) -> float:
    """Milliseconds, the median."""
    taken = []
    for _ in range(times):
        begin = perf_counter()
        call()
        taken.append((perf_counter() - begin) * 1_000)
    return median(taken)


def stats(folder: Path) -> int:
    """The least that tells whether something changed."""
    with os.scandir(folder) as entries:
        return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)


def reads(folder: Path) -> int:
    """The least that a program without an index does."""
    return sum(len(path.read_bytes()) for path in folder.iterdir())


def atomic_write(path: Path, number: int) -> None:
    """A file replaced so that it survives a power cut, by hand."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("xb") as file:
        file.write(path.read_bytes() + b"%d" % number)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def first_page(storage: VaultStorage) -> None:
    with storage.session("default") as session:
        assert len(session.query(Query(kind="contact", sort=IndexField.NAME, limit=50)).items) == 50


def opened(folder: Path) -> None:
    storage = VaultStorage(folder)
    storage.open()
    first_page(storage)
    storage.close()


def rebuilt(folder: Path) -> None:
    shutil.rmtree(folder / ".infoint")
    opened(folder)


def save(storage: VaultStorage, number: int) -> None:
    entity = person(number)
    with storage.session("default", write=True) as session:
        session.put_many(
            [
                Write(
                    kind="contact",
                    id=entity.id,
                    expect=None,
                    updated_at=AT,
                    schema=codec.SCHEMA,
                    data=codec.dump(entity),
                    index={},
                    text="x",
                )
            ]
        )
        session.commit()


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "vault"
        storage = VaultStorage(folder)
        storage.open(create=True)
        begin = perf_counter()
        storage.load("default", (record_of(number) for number in range(RECORDS)))
        loaded = (perf_counter() - begin) * 1_000
        files = folder / "default" / "contact"
        sleep(TICK)
        first_page(storage)
        floor, read = timed(lambda: stats(files)), timed(lambda: reads(files))
        look = timed(lambda: first_page(storage))
        victim = next(files.iterdir())
        edits = iter(range(100))

        def edit() -> None:
            victim.write_bytes(victim.read_bytes().replace(b"Oak", b"Oak%d" % next(edits)))
            first_page(storage)

        one_edit = timed(edit)
        numbers = iter(range(100))
        one_save = timed(lambda: save(storage, next(numbers)), 9)
        by_hand = folder / "by-hand"
        by_hand.write_bytes(b"x" * 1_000)
        one_write = timed(lambda: atomic_write(by_hand, 1), 9)
        by_hand.unlink()
        storage.close()
        sleep(TICK)
        opened(folder)
        warm = timed(lambda: opened(folder))
        cold = timed(lambda: rebuilt(folder), 1)
    rows = [
        ("stat of every file (floor)", floor, floor),
        ("reading every file", read, floor),
        ("a session in which nothing changed, and 50 rows", look, floor),
        ("open with a warm index, and 50 rows", warm, floor),
        ("open without an index, and 50 rows", cold, read),
        ("one edit by hand, seen, and 50 rows", one_edit, floor),
        ("an atomic durable file by hand (floor)", one_write, one_write),
        ("a durable save of one record", one_save, one_write),
        (f"load of {RECORDS:,} records", loaded, one_write * RECORDS),
    ]
    print(f"{RECORDS:,} records")  # noqa: T201 - a table is what it is for
    for what, taken, least in rows:
        print(f"{what:<50} {taken:>10.1f} ms {taken / least:>7.2f}x")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
