"""One engine, many threads and tasks: nothing is lost, and nobody who stops waiting leaves a transaction open."""

import asyncio
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import evolve

from infoint import Contact, Engine, Workspace


@pytest.fixture(params=["memory:", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = "memory:" if request.param == "memory:" else f"sqlite:{tmp_path / 'ws.db'}?timeout=30"
    with Engine(url) as made:
        made.workspace("kim", zone="America/Chicago").contacts.add(Contact(name="Ana Ruiz"))
        yield made


def count_up(tx: Workspace) -> None:
    ana = tx.contacts.one(name="Ana Ruiz")
    tx.contacts.update(evolve(ana, rapport=None, notes=f"{ana.notes}I"))


def test_threads_that_count_lose_nothing(engine: Engine) -> None:
    """Two that came at the same time would be counted as one."""
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: engine.run("kim", count_up), range(30)))
    assert engine.workspace("kim").contacts.one(name="Ana Ruiz").notes == "I" * 30


def test_cancelled_at_any_moment_nothing_stays_open(engine: Engine) -> None:
    """A client that went away would leave a transaction, and everybody after it wait for ever; or half of it would be kept."""
    chance = random.Random(5)
    told: list[tuple[int, str]] = []

    async def one(number: int) -> None:
        def work(tx: Workspace) -> None:
            first = tx.contacts.add(Contact(name=f"{number} one"))
            tx.contacts.add(Contact(name=f"{number} two", referred_by=first.id))

        task = asyncio.create_task(asyncio.to_thread(engine.run, "kim", work))
        await asyncio.sleep(chance.random() * 0.02)
        task.cancel()
        try:
            await task
            told.append((number, "done"))
        except asyncio.CancelledError:
            told.append((number, "given up"))

    async def all_of_them() -> None:
        for number in range(20):
            await one(number)

    asyncio.run(all_of_them())
    ws = engine.workspace("kim")
    names = [one.name for one in ws.contacts]
    for number, end in told:
        there = [name for name in names if name.split()[0] == str(number)]
        assert len(there) == 2 or (end == "given up" and not there), "half of it, or what was told to be done is not there"
    with ws.transaction() as tx:  # nobody holds the turn
        tx.contacts.add(Contact(name="Bo Li"))


def test_work_that_is_given_up_is_undone(engine: Engine) -> None:
    """Whoever asks for it would still get half of what nobody waited for."""
    begun, given_up = threading.Event(), threading.Event()

    def work(tx: Workspace) -> None:
        tx.contacts.add(Contact(name="Bo Li"))
        begun.set()
        assert given_up.wait(10)
        raise TimeoutError

    async def give_up() -> None:
        task = asyncio.create_task(asyncio.to_thread(engine.run, "kim", work))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        given_up.set()

    asyncio.run(give_up())
    assert [one.name for one in engine.workspace("kim").contacts] == ["Ana Ruiz"]
    engine.run("kim", count_up)
