"""The steps of a walk, each made from a seed and a number. Taking them is in `storage_companions`."""

import random
from datetime import timedelta
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from infoint.storage.contract import Condition, IndexField, IndexValue, Key, Op, Query, Record, Write
from infoint.testing.storage_case import MOMENT, id_of

KINDS: Final = ("note", "talk")
OWN: Final = ("ana", "b'en")
"""Workspaces that are written to."""
COPIES: Final = {"copy of ana": "ana", "copy of b'en": "b'en"}
"""Workspaces that others move into, and from where."""
FIELDS: Final = (IndexField.DUE, IndexField.EMAIL, IndexField.NAME)
VALUES: Final[tuple[IndexValue, ...]] = (
    "", "a", "ab", "b", "A", "é", "e\u0301", "\ud7ff", "\ue000", "\uffff", "𝄞", "\U0010ffff", "%", "_", "1", "10", "9", "';--", '"', "2026-04-01",
    0, -1, 1, 2, 9, 10, 2**53, -(2**53),
)  # fmt: skip  # a list, not a table
WORDS: Final = (
    "ana", "Ana", "anabel", "oak", "café", "CAFE", "straße", "工作", "한글", "1", "12", "don't", "the", "NOT", "OR", "NEAR(", '"', "*", "a_b", "é", "ﬁn", "—", "x" * 80,
)  # fmt: skip  # as above
DATA: Final[tuple[Any, ...]] = (
    {}, {"a": 1}, {"a": 1.0}, {"a": True}, {"a": None, "b": []}, {"é": {"": [[], {}]}}, {"a": "工𝄞\x01\u2028"}, {"a": "x" * 3_000}, {"a": [2**53, -0.5]},
)  # fmt: skip  # as above
LIMITS: Final = (1, 2, 3, 5, 500)
TWISTS: Final = ("kind", "where", "order", "words", "kinds", "garbage", "workspace")
"""What can be wrong with a cursor."""
KEPT: Final = 40
"""Cursors that are remembered."""
_OP: Final = {"put": 10, "get": 3, "query": 6, "page": 6, "search": 4, "found": 3, "changes": 5, "last": 1}
_STEP: Final = {
    "write": 60, "read": 22, "load": 5, "erase": 3, "drop": 2, "reopen": 2, "workspaces": 1, "check": 1, "asked again": 3, "cut load": 2, "refused load": 1,
}  # fmt: skip  # as above

Part: TypeAlias = tuple[Any, ...]


@frozen
class Step:
    """A session with what is done in it, or a call of the storage."""

    what: str
    workspace: str
    parts: tuple[Part, ...] = ()
    commits: bool = True

    def __str__(self) -> str:
        """In words, as far as it goes."""
        inside = "; ".join(" ".join(_shown(word) for word in part) for part in self.parts)
        undone = "" if self.commits else ", undone"
        return f"{self.what} {self.workspace!r}{undone}{inside and ': '}{inside}"


def _shown(word: object) -> str:
    text = word if isinstance(word, str) and word.isidentifier() else repr(word)
    return text if len(text) <= 300 else f"{text[:300]}…"


@frozen
class Put:
    """A write whose expectation is settled when it comes to it."""

    kind: str
    number: int
    expect: str
    deleted: bool
    data: Any = field(repr=False)
    text: str
    index: tuple[tuple[IndexField, tuple[IndexValue, ...]], ...]
    hours: int

    def write(self, have: Record | None) -> Write:
        """On top of what is there."""
        version = have.version if have else 0
        expected = {"right": version, "any": None, "new": 0, "stale": max(0, version - 1), "future": version + 1}[self.expect]
        return Write(
            kind=self.kind,
            id=id_of(self.number),
            expect=expected,
            updated_at=MOMENT + timedelta(hours=self.hours),
            schema=(1, self.hours),
            data={} if self.deleted else self.data,
            index={} if self.deleted else dict(self.index),
            text="" if self.deleted else self.text,
            deleted=self.deleted,
        )


# ── making steps ─────────────────────────────────────────────────────────────────────────────────
def step_of(seed: int, number: int) -> Step:
    """The same for the same two numbers."""
    rng = random.Random(f"{seed} {number}")  # noqa: S311  # seeded on purpose
    what = rng.choices(list(_STEP), list(_STEP.values()))[0]
    match what:
        case "write" | "read":
            workspace = rng.choice((*OWN * 2, *COPIES, "nobody") if what == "read" else (*OWN * 6, *COPIES))
            parts = tuple(_part(rng) for _ in range(rng.randint(1, 5)))
            return Step(what, workspace, parts, commits=rng.random() < 0.85)
        case "load" | "cut load" | "refused load":
            return Step(what, rng.choice(list(COPIES)), ((rng.randint(0, 60),),))
        case "erase":
            return Step(
                what, rng.choice((*OWN, *COPIES)), (tuple(_key(rng) for _ in range(rng.randint(1, 4))), (rng.randint(0, 3),))
            )
        case "drop":
            # Copies more often: only one that is new is loaded into.
            return Step(what, rng.choice((*OWN, *tuple(COPIES) * 4)))
        case _:
            return Step(what, rng.choice((*OWN, *COPIES)))


def _number(rng: random.Random) -> int:
    number: int = rng.choice((*range(1, 13), 1 << 127, (1 << 128) - 1))
    return number


def _key(rng: random.Random) -> Key:
    return Key(rng.choice(KINDS), id_of(_number(rng)))


def _text(rng: random.Random, most: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(0, most)))


def _put(rng: random.Random) -> Put:
    return Put(
        kind=rng.choice(KINDS),
        number=_number(rng),
        expect=rng.choices(("right", "any", "new", "stale", "future"), (10, 4, 3, 1, 1))[0],
        deleted=rng.random() < 0.2,
        data=rng.choice(DATA),
        text=_text(rng, 4),
        index=tuple(
            (name, tuple(rng.choice(VALUES) for _ in range(rng.randint(0, 3)))) for name in FIELDS if rng.random() < 0.6
        ),
        hours=rng.randint(0, 3),
    )


def _query(rng: random.Random) -> Query:
    where = []
    for _ in range(rng.choices((0, 1, 2, 3), (5, 4, 2, 1))[0]):
        op, value = rng.choice(list(Op)), rng.choice(VALUES)
        asked = None if op is Op.IS_NULL else str(value) if op is Op.PREFIX else value
        where.append(Condition(rng.choice(FIELDS), op, asked))
    return Query(
        kind=rng.choice(KINDS), where=tuple(where), sort=rng.choice((None, *FIELDS)), descending=rng.random() < 0.5, limit=rng.choice(LIMITS)
    )  # fmt: skip  # one thing


def _part(rng: random.Random) -> Part:
    what = rng.choices(list(_OP), list(_OP.values()))[0]
    match what:
        case "put":
            return what, *(_put(rng) for _ in range(rng.choices((0, 1, 2, 4), (1, 8, 4, 2))[0]))
        case "get":
            return what, *(_key(rng) for _ in range(rng.randint(0, 4)))
        case "query":
            return what, _query(rng)
        case "search":
            return what, _text(rng, 2), tuple(rng.sample(KINDS, rng.randint(0, 2))), rng.choice(LIMITS)
        case "page" | "found":
            return what, rng.randrange(KEPT), rng.choice(LIMITS), rng.choice(TWISTS) if rng.random() < 0.2 else ""
        case "changes":
            return what, rng.randrange(-KEPT // 4, KEPT), rng.choice(LIMITS), rng.choice(TWISTS) if rng.random() < 0.1 else ""
        case _:
            return (what,)
