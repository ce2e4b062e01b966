"""Copying workspaces between storages: nothing is lost, nothing is mixed, and an interruption costs nothing."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import ClassVar

import attrs
import pytest

from infoint.errors import InvalidValue, NotEmpty, NotFound, StorageError, Unsupported
from infoint.storage import Capability, MemoryStorage, Progress, Record, Report, Storage, Write, copy_workspaces
from infoint.storage.ledger import Ledger, content_of
from infoint.storage.sqlite import SqliteStorage
from infoint.testing.house_move import WORKSPACES, Failing, Interrupted, contents, demand_house_move, furnished_storage
from infoint.testing.storage_case import tombstone, write


class Plain(MemoryStorage):
    """Without `load`: versions begin anew."""

    capabilities: ClassVar[Capability] = MemoryStorage.capabilities & ~Capability.BULK_LOAD

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        raise Unsupported


def opened(storage: Storage) -> Storage:
    storage.open(create=True)
    return storage


@pytest.fixture(params=["memory", "plain", "sqlite"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Storage]:
    made: list[Storage] = []

    def new() -> Storage:
        match request.param:
            case "memory":
                made.append(opened(MemoryStorage()))
            case "plain":
                made.append(opened(Plain()))
            case _:
                made.append(opened(SqliteStorage(tmp_path / f"{len(made)}.db")))
        return made[-1]

    return new


def put(storage: Storage, *writes: Write, workspace: str = "default") -> None:
    with storage.session(workspace, write=True) as session:
        session.put_many(writes)
        session.commit()


def test_house_moves_whole(make: Callable[[], Storage]) -> None:
    """A person's history, or what a newer infoint wrote, would be lost on the way; or an interruption mean to begin anew."""
    demand_house_move(make)


def test_what_a_storage_counts_goes_along(make: Callable[[], Storage]) -> None:
    """Cursors and versions that apps keep would be worth nothing after the move."""
    source, target = furnished_storage(), make()
    copied = copy_workspaces(source, target)
    kept = Capability.BULK_LOAD in target.capabilities
    assert [one.counts_kept for one in copied] == [kept] * 3
    same = [not ledger.differing(contents(target)[key], counts=True) for key, ledger in contents(source).items()]
    assert same == [kept] * 3
    assert [one.caught_up for one in copied] == [0] * 3


def test_some_workspaces(make: Callable[[], Storage]) -> None:
    """One person could not move without everybody else."""
    source, target = furnished_storage(), make()
    (one,) = copy_workspaces(source, target, workspaces=[WORKSPACES[1], WORKSPACES[1]])
    assert (one.workspace, list(target.workspaces())) == (WORKSPACES[1], [WORKSPACES[1]])
    with pytest.raises(NotFound, match="nobody"):
        copy_workspaces(source, target, workspaces=["nobody"])


@pytest.mark.parametrize(
    "own",
    [
        pytest.param([write(900)], id="a record of its own"),
        pytest.param([write(1, None, data={"mine": "words"})], id="a later version"),
        pytest.param([tombstone(1)], id="a removal"),
    ],
)
def test_a_place_with_things_of_its_own_is_refused(make: Callable[[], Storage], own: list[Write]) -> None:
    """Two histories would be mixed, or what somebody wrote there be lost."""
    source, target = opened(MemoryStorage()), make()
    put(source, write(1), write(2))
    put(source, write(3), workspace="kim")
    copy_workspaces(source, target)
    for one in own:
        put(
            target,
            attrs.evolve(one, updated_at=one.updated_at.replace(year=2030)),
            workspace="kim" if one.id.int == 900 else "default",
        )
    put(source, write(4))
    before = contents(target)
    with pytest.raises(NotEmpty, match="note 00000000") as caught:
        copy_workspaces(source, target)
    assert caught.value.facts["workspace"] == ("kim" if own[0].id.int == 900 else "default")
    assert {key: one.digest() for key, one in contents(target).items()} == {key: one.digest() for key, one in before.items()}


def test_what_is_no_copy_is_refused(make: Callable[[], Storage]) -> None:
    """A storage would be told to be a copy of itself, or one key be taken for a list of letters."""
    source = make()
    put(source, write(1))
    with pytest.raises(InvalidValue, match="itself"):
        copy_workspaces(source, source)
    with pytest.raises(InvalidValue, match="several keys"):
        copy_workspaces(source, make(), workspaces="default")


def test_other_workspaces_are_let_be(make: Callable[[], Storage]) -> None:
    """Nobody could move into a place where others live."""
    source, target = opened(MemoryStorage()), make()
    put(source, write(1))
    put(target, write(9), workspace="kim")
    copy_workspaces(source, target)
    assert sorted(target.workspaces()) == ["default", "kim"]
    assert len(contents(target)["kim"]) == 1


def test_two_that_went_apart_are_told(make: Callable[[], Storage]) -> None:
    """A copy that was worked in would be taken for one that was cut short, where both sides went on for as long."""
    source, target = opened(MemoryStorage()), make()
    put(source, write(1), write(2))
    copy_workspaces(source, target)
    put(target, write(1, 1, data={"there": "1"}))
    put(source, write(2, 1, data={"here": "2"}))
    put(source, write(2, 2, data={"here": "3"}))
    with pytest.raises(NotEmpty):
        copy_workspaces(source, target)


@pytest.mark.parametrize("versions", [1, 2], ids=["as often", "more often, and not later"])
def test_two_that_changed_the_same_are_told(make: Callable[[], Storage], versions: int) -> None:
    """What somebody wrote into the copy would be overwritten by what was written at the source."""
    source, target = opened(MemoryStorage()), make()
    put(source, write(1), write(2))
    copy_workspaces(source, target)
    put(target, write(1, 1, data={"there": "1"}))
    put(source, *(write(1, 1 + number, data={"here": number}) for number in range(versions)))
    with pytest.raises(NotEmpty):
        copy_workspaces(source, target)


def test_a_copy_with_holes_is_told() -> None:
    """A place that somebody has put together would be taken for a copy that was cut short."""
    source, target = opened(MemoryStorage()), opened(MemoryStorage())
    for number in range(1, 4):
        put(source, write(number))
    with source.session("default") as session:
        records = session.changes("").items
    target.load("default", records[1:2])
    with pytest.raises(NotEmpty):
        copy_workspaces(source, target)


def test_a_copy_is_brought_up_to_date(make: Callable[[], Storage]) -> None:
    """A second run, after the source went on, would refuse its own copy, or leave things as they were."""
    source, target = furnished_storage(), make()
    copy_workspaces(source, target)
    put(source, write(1), write(2))
    put(source, tombstone(2, 1))
    copied = {one.workspace: one for one in copy_workspaces(source, target)}
    assert copied["default"].written == 2
    assert not contents(source)["default"].differing(contents(target)["default"], counts=copied["default"].counts_kept)


def test_a_source_that_is_written_meanwhile_is_followed(make: Callable[[], Storage]) -> None:
    """What was saved during the copy would stay behind, in silence; or the copy never end."""
    source, target = furnished_storage(), make()
    late = iter(range(1, 4))

    def write_more(key: str, progress: Progress) -> None:
        if key == "default" and (number := next(late, None)):
            put(source, write(number), write(7, None, data={"late": number}))

    copied = {one.workspace: one for one in copy_workspaces(source, target, progress=write_more)}
    assert copied["default"].caught_up == 3
    assert not contents(source)["default"].differing(contents(target)["default"], counts=False)
    assert copied["default"].digest == contents(source)["default"].digest()


def test_a_workspace_that_begins_meanwhile_comes_along(make: Callable[[], Storage]) -> None:
    """Somebody who signs up during the move would be left behind."""
    source, target = furnished_storage(), make()

    def begin(key: str, progress: Progress) -> None:
        if "new" not in source.workspaces():
            put(source, write(1), workspace="new")

    copied = copy_workspaces(source, target, progress=begin)
    assert "new" in {one.workspace for one in copied}
    assert len(contents(target)["new"]) == 1


def test_interrupted_while_the_source_goes_on(make: Callable[[], Storage]) -> None:
    """A copy of a place in use could only be made in one go: the old versions it holds would be taken for somebody's own."""
    source, target = opened(MemoryStorage()), make()
    for number in range(1, 40):
        put(source, write(number), write(number + 100))
    for reads in (10, 33, 60):
        with pytest.raises(Interrupted):
            copy_workspaces(Failing(source, reads=reads), target)
        put(source, *(attrs.evolve(write(number, None, data={"at": reads})) for number in range(1, reads, 3)))
        later = write(300 + reads)
        put(source, later)
        put(source, tombstone(later.id.int, 1))
        put(source, attrs.evolve(write(5, None), updated_at=later.updated_at.replace(year=2027)))
        if Capability.BULK_LOAD not in target.capabilities:  # by its time alone such a storage can tell what is newer
            put(source, *_touched(source))
    copy_workspaces(source, target)
    there = contents(target)["default"]
    assert not contents(source)["default"].differing(there, counts=Capability.BULK_LOAD in target.capabilities)


def _touched(source: Storage) -> list[Write]:
    with source.session("default") as session:
        records = session.changes("").items
    return [
        attrs.evolve(write(one.id.int, None, data=one.data), updated_at=one.updated_at.replace(year=one.updated_at.year + 1))
        for one in records
        if not one.deleted
    ]


# ── storages that lose something ─────────────────────────────────────────────────────────────────
class Losing(MemoryStorage):
    """Keeps records otherwise than they came."""

    def __init__(self, change: Callable[[Record], Record | None]) -> None:
        super().__init__()
        self.change = change

    def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
        return super().load(workspace, [one for one in map(self.change, records) if one], progress=progress)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: attrs.evolve(one, text="") if one.text else one,
        lambda one: attrs.evolve(one, data={key: value for key, value in one.data.items() if key != "unheard-of"}),
        lambda one: None if one.deleted else one,
        lambda one: attrs.evolve(one, schema=(1, 0)),
        lambda one: attrs.evolve(one, version=1),
        lambda one: attrs.evolve(one, updated_at=one.updated_at.replace(microsecond=0)),
        lambda one: attrs.evolve(one, index={}),
        lambda one: None if one.kind == "kind-of-tomorrow" else one,
    ],
    ids=["text", "unknown keys", "tombstones", "schema", "versions", "microseconds", "index", "unknown kinds"],
)
def test_what_did_not_arrive_is_found(change: Callable[[Record], Record | None]) -> None:
    """The copy would be said to be whole, the original be thrown away, and the loss be found a year later."""
    with pytest.raises(StorageError, match="did not arrive as they were sent"):
        copy_workspaces(furnished_storage(), opened(Losing(change)))
    with pytest.raises((AssertionError, StorageError)):
        demand_house_move(lambda: opened(Losing(change)), interruptions=0)


def test_the_check_finds_a_copy_that_lies() -> None:
    """`demand_house_move` would pass a storage that says it has written what it has not."""

    class Late(MemoryStorage):
        def load(self, workspace: str, records: Iterable[Record], *, progress: Report | None = None) -> int:
            return super().load(workspace, records, progress=progress) or 1

    with pytest.raises(AssertionError, match="written again"):
        demand_house_move(lambda: opened(Late()), interruptions=0)


# ── what the same content is ─────────────────────────────────────────────────────────────────────
def record(data: object = None, **changes: object) -> Record:
    made = Record.kept(write(1, data={"a": 1} if data is None else data, tag=("x", "y"), text="t"), after=None, seq=1)
    return attrs.evolve(made, **changes)


def test_content_leaves_out_what_storages_count() -> None:
    """Two places with the same content would be held for different ones."""
    assert content_of(record()) == content_of(record(version=7, seq=9))
    assert content_of(record({"a": 1, "b": 2})) == content_of(record({"b": 2.0, "a": 1.0})), "as jsonb would give it back"
    one, other = record(), record({"z": 1}, id=write(2).id)
    assert Ledger([one, other]).digest() == Ledger([other, one]).digest()
    assert len({content_of(record({"a": value})) for value in (1, "1", True, None, 1.5, [1], {"1": 1})}) == 7


def test_the_digest_stays() -> None:
    """Reports of two releases could not be compared: a copy checked years later would look damaged."""
    assert Ledger([record()]).digest() == "97816c5d2d3ea0dd857775c6f04705b583d03ada1e3e6aac2f19d6c5b989448e"


def test_nothing_is_read_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer infoint's records could not move: the codec would have to know them."""

    def refuse(*_: object, **__: object) -> Collection[object]:
        raise AssertionError

    source: Storage = furnished_storage()
    monkeypatch.setattr("infoint.codec.load", refuse)
    copied: Sequence[object] = copy_workspaces(source, opened(MemoryStorage()))
    assert len(copied) == 3
