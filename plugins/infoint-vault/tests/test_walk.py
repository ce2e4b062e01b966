"""Seeded random stories: the vault answers as the normative storage does, and an edit by hand is the write that it stands for.

`INFOINT_WALK=1000000 pytest -m slow plugins/infoint-vault/tests/test_walk.py` goes so many operations instead of a hundred thousand.
"""

import os
import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from infoint_vault.page import read_page
from infoint_vault.storage import VaultStorage

from infoint.errors import InfointError
from infoint.storage.contract import IndexField, IndexValue, Key, Query, Record, Storage, Write
from infoint.storage.memory import MemoryStorage
from infoint.testing import walk_storage
from infoint.testing.storage_case import MOMENT, id_of

KINDS = ("note", "talk", "con")
FIELDS = (IndexField.DUE, IndexField.EMAIL, IndexField.NAME)
VALUES: tuple[IndexValue, ...] = ("", "a", "ab", "b", "A", "é", "\uffff", "𝄞", "1", "10", 0, -1, 9, 2**53, None)
TEXTS = (
    "",
    "plain words",
    "a\n---\nb",
    "# x\n\n```yaml agenda\n- 1\n```\n",
    "Ana's \u2028 talk",
    "no",
    "12:30",
    "\r\nx\r\n",
    "é工",
    " x",
)


def json_of(rng: random.Random, depth: int = 3) -> Any:
    match rng.randrange(8 if depth else 6):
        case 0:
            return None
        case 1:
            return rng.random() < 0.5
        case 2:
            return rng.choice([0, -1, 7, 2**53, 1.0, 0.1, -2.5])
        case 6:
            return [json_of(rng, depth - 1) for _ in range(rng.randrange(3))]
        case 7:
            return {rng.choice(["a", "no", "1", "x y", "é"]): json_of(rng, depth - 1) for _ in range(rng.randrange(3))}
        case _:
            return rng.choice(TEXTS)


def write_of(rng: random.Random) -> Write:
    deleted = rng.random() < 0.2
    return Write(
        kind=rng.choice(KINDS),
        id=id_of(rng.choice([1, 2, 3, 4, 5, 1 << 127])),
        expect=rng.choice([None, None, 0, 1, 2, 3]),
        updated_at=MOMENT + timedelta(hours=rng.randrange(3)),
        schema=(1, rng.randrange(2)),
        data={}
        if deleted
        else {key: json_of(rng) for key in rng.sample(["notes", "draft", "agenda", "id", "infoint", "x"], rng.randrange(4))},
        index={}
        if deleted
        else {field: tuple(rng.choices(VALUES, k=rng.randrange(3))) for field in FIELDS if rng.random() < 0.5},
        text="" if deleted else rng.choice(TEXTS),
        deleted=deleted,
    )


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except InfointError as error:
        return type(error), str(error)


def made(folder: Path) -> Storage:
    return VaultStorage(folder / "vault")


@pytest.mark.parametrize("seed", range(2))
def test_walk_finds_nothing(seed: int) -> None:
    """The vault keeps, finds, orders, pages or tells something else than the normative storage."""
    assert walk_storage(made, seed=seed, operations=1_000, strict=True) > 200


@pytest.mark.slow
def test_long_walk_finds_nothing() -> None:
    """As above, for differences that are rare."""
    walk_storage(made, seed=100, operations=int(os.environ.get("INFOINT_WALK", "100000")), strict=True)


def by_hand(rng: random.Random, folder: Path, record: Record) -> Write | None:
    """Does something to a record's file; the write that it stands for."""
    (path,) = [
        one
        for one in folder.rglob("*.md")
        if one.name[0] != "_" and "removed" not in one.parts and key_of_file(one) == record.key
    ]
    match rng.randrange(4):
        case 0:
            path.unlink()
            return Write(
                kind=record.kind,
                id=record.id,
                expect=None,
                updated_at=MOMENT,
                schema=record.schema,
                data={},
                index={},
                deleted=True,
            )
        case 1:
            path.rename(path.with_name(f"{rng.randrange(10**6)}.md"))
            return None
        case 2:
            path.write_bytes(path.read_bytes().replace(b"\n---\n", b"\n# remark\n---\n", 1))
            return None
        case _:
            path.write_bytes(re.sub(rb"^---\n", b"---\nadded%d: 12:30\n" % rng.randrange(10**6), path.read_bytes(), count=1))
            return Write(
                kind=record.kind, id=record.id, expect=None, updated_at=MOMENT, schema=record.schema, data=read_page(path.read_bytes()).sheet.data,
                index=record.index, text=record.text,
            )  # fmt: skip  # field by field would hide that it is the record


def key_of_file(path: Path) -> Key | None:
    sheet = read_page(path.read_bytes()).sheet
    return Key(sheet.kind, sheet.id) if sheet.id else None


def content(storage: Storage) -> list[Any]:
    with storage.session("ana") as session:
        changes = session.changes("", limit=10_000).items
        answers = [session.query(Query(kind=kind, sort=field)).items for kind in KINDS for field in FIELDS]
    return [[evolve(record, updated_at=MOMENT) for record in records] for records in (changes, *answers)]


def walked_by_hand(folder: Path, seed: int, steps: int) -> None:
    rng = random.Random(seed)
    memory, vault = MemoryStorage(), VaultStorage(folder)
    for storage in (memory, vault):
        storage.open(create=True)
    for number in range(steps):
        if rng.random() < 0.5:
            writes = [write_of(rng) for _ in range(rng.randrange(1, 4))]
            outcomes = []
            for storage in (memory, vault):
                with storage.session("ana", write=True) as session:
                    outcomes.append(
                        outcome(
                            lambda session=session, writes=writes: [
                                evolve(record, updated_at=MOMENT) for record in session.put_many(writes)
                            ]
                        )
                    )
                    session.commit()
            assert outcomes[0] == outcomes[1]
        else:
            if rng.random() < 0.3:
                vault.close()
                vault.open()
            with memory.session("ana") as session:
                live = [record for kind in KINDS for record in session.query(Query(kind=kind)).items]
            meant = [by_hand(rng, folder, record) for record in rng.sample(live, min(len(live), rng.randrange(1, 3)))]
            with memory.session("ana", write=True) as session:
                session.put_many([write for write in meant if write])
                session.commit()
        assert content(memory) == content(vault)
        if number % 20 == 0:
            assert list(vault.check(deep=True)) == []
    vault.close()


@pytest.mark.parametrize("seed", range(2))
def test_edits_by_hand_are_writes(tmp_path: Path, seed: int) -> None:
    """A deletion, a renaming, a remark or a new property made in an editor came to something else than the write it stands for."""
    walked_by_hand(tmp_path / "vault", seed, 60)


@pytest.mark.slow
def test_edits_by_hand_are_writes_at_length(tmp_path: Path) -> None:
    """As above, for differences that are rare."""
    for seed in range(20, 26):
        walked_by_hand(tmp_path / str(seed), seed, 600)
