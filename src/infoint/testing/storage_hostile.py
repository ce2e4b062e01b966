"""The contract's sentences about what comes from outside: syntax in every string, large texts, and words that no error may repeat."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infoint.errors import InfointError
from infoint.storage.contract import Capability, Condition, IndexField, Op, Query, Record, run_query
from infoint.storage.frozen import text_problem
from infoint.testing.storage_case import (
    GARBAGE,
    KIND,
    MOMENT,
    WORKSPACE,
    StorageCase,
    asked,
    got,
    key_of,
    numbers,
    put,
    searched,
    tombstone,
    write,
)
from infoint.testing.storage_search import SYNTAX

NAME = IndexField.NAME
CANARY = "kanarie-7f3a"
"""Stands in every field, and may stand in no message, repr, traceback or line of a log."""


@contextmanager
def overheard() -> Iterator[list[str]]:
    """All that is logged meanwhile, by anybody, at any level, arguments and tracebacks included."""
    lines: list[str] = []
    formatter = logging.Formatter("%(name)s %(message)s")

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{formatter.format(record)} {record.args!r}")

    root, listener = logging.getLogger(), Listener(logging.DEBUG)
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(listener)
        root.setLevel(level)


def told_by(error: BaseException) -> str:
    """All that anybody would see of an error, causes included."""
    facts = dict(error.facts) if isinstance(error, InfointError) else {}
    before = None if error.__suppress_context__ else error.__context__
    causes = f"{error!r} {error.__cause__!r} {before!r} {error.args}"
    return f"{''.join(traceback.format_exception(error))} {causes} {facts}"


class HostileContract(StorageCase):
    """Mixed into StorageContract."""

    def test_syntax_in_every_string_is_text(self, tmp_path: Path) -> None:
        """A text was taken for SQL, a pattern or another syntax: in a key, a value, an index, a question or a cursor."""
        strings = sorted({text for text in SYNTAX if not text_problem(text) and len(text) <= 1_000})
        with self.opened(tmp_path) as storage:
            records: tuple[Record, ...] = put(
                storage,
                *(write(number, data={text: [text]}, text=text, name=text) for number, text in enumerate(strings, start=1)),
            )
            with storage.session(WORKSPACE) as session:
                found = session.get_many([record.key for record in records])
                for record, text in zip(records, strings, strict=True):
                    assert found[record.key].data == {text: [text]}, ascii(text)
                    for op in (Op.EQ, Op.PREFIX, Op.LE, Op.GT):
                        query = Query(kind=KIND, where=(Condition(NAME, op, text),), sort=NAME)
                        assert numbers(session.query(query).items) == numbers(run_query(records, query).items), ascii(text)
                    assert isinstance(_refused(lambda text=text: session.changes(text)), InfointError)  # type: ignore[misc]  # mypy does not see the default
                    assert isinstance(_refused(lambda query=query, text=text: session.query(_after(query, text))), InfointError)  # type: ignore[misc]  # as above
            assert list(storage.workspaces()) == [WORKSPACE]

    def test_ten_megabytes_survive(self, tmp_path: Path) -> None:
        """A record of ten megabytes, or a text of as many, was cut or ended in a native error."""
        with self.opened(tmp_path) as storage:
            notes, text = "é工𝄞x" * 1_000_000, "ana oak " * 1_250_000
            put(storage, write(1, data={"notes": notes}, text=text), write(2, text="ana"))
            record = got(storage, 1)
            assert record is not None
            assert record.data == {"notes": notes}, "the data were cut"
            assert record.text == text, "the text was cut"
            if Capability.SEARCH in storage.capabilities:
                assert searched(storage, "oak") == [(KIND, 1)]
            put(storage, tombstone(1))
            assert asked(storage, Query(kind=KIND)) == [2]

    def test_errors_repeat_nothing_of_what_is_kept(self, tmp_path: Path) -> None:
        """Words of a person stand in a message, a repr, a traceback, an error's cause or a log that somebody else reads."""
        with overheard() as lines, self.opened(tmp_path) as storage:
            filled = write(1, data={CANARY: CANARY}, text=CANARY, name=CANARY, email=(CANARY, f"{CANARY}@oak.example"))
            (record,) = put(storage, filled)
            query = Query(kind=KIND, where=(Condition(NAME, Op.EQ, CANARY),), sort=NAME, limit=1, cursor=CANARY)
            seen = [repr(one) for one in (storage, filled, record, query)]
            with storage.session(WORKSPACE, write=True) as session:
                seen += [
                    repr(session),
                    repr(session.query(Query(kind=KIND))),
                    repr(session.changes("")),
                    repr(session.last_commit()),
                ]
                calls: list[Callable[[], Any]] = [
                    lambda: session.put_many([filled]),
                    lambda: session.put_many([write(1, 7, data={CANARY: CANARY}, text=CANARY, name=CANARY)]),
                    lambda: session.query(query),
                    lambda: session.changes(CANARY),
                    lambda: session.changes("", limit=-1),
                    *(lambda cursor=f"{CANARY}{garbage}": session.changes(cursor) for garbage in GARBAGE[:6]),
                ]
                if Capability.SEARCH in storage.capabilities:
                    seen.append(repr(session.search(CANARY)))
                    calls += [
                        lambda: session.search(CANARY, cursor=CANARY),
                        lambda: session.search(CANARY, kinds=[f"{CANARY} "]),
                    ]
                seen += [told_by(_refused(call)) for call in calls]
            with storage.session(WORKSPACE) as session:
                seen.append(
                    told_by(_refused(lambda: session.put_many([write(2, data={"a": CANARY}, text=CANARY, name=CANARY)])))
                )
            if Capability.BULK_LOAD in storage.capabilities:
                seen.append(told_by(_refused(lambda: storage.load("b", [record, record]))))
            seen.append(told_by(_refused(lambda: storage.session(f"{CANARY}\n").__enter__())) if self.strict else "")
            seen += [*storage.check(deep=True)]
            if storage.capabilities & (Capability.SECURE_ERASE | Capability.PARTIAL_ERASE):
                seen.append(repr(storage.erase(WORKSPACE, [key_of(1)], updated_at=MOMENT)))
        told = [text for text in (*seen, *lines) if CANARY in text]
        assert not told, f"{len(told)} times, first: {told[0]}"


def _after(query: Query, cursor: str) -> Query:
    return Query(kind=query.kind, where=query.where, sort=query.sort, cursor=cursor or "x")


def _refused(call: Callable[[], Any]) -> BaseException:
    """What a call ends in."""
    try:
        call()
    except Exception as error:  # noqa: BLE001  # looked at by whoever asks
        return error
    raise AssertionError("was not refused")
