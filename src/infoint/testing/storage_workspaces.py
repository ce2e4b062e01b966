"""The contract's sentences about workspaces: their keys, and that they are apart."""

from pathlib import Path

import pytest

from infoint.errors import InvalidCursor, InvalidValue
from infoint.storage.contract import Condition, IndexField, Op, Query
from infoint.testing.storage_case import (
    KIND,
    StorageCase,
    asked,
    followed,
    got,
    put,
    refuses,
    write,
)

ODD_KEYS = (
    "../x", "/etc/passwd", "..", ".", "a/b", "a\\b", "C:", "a'b", 'a"b', "a;b", "%", "%s", "_", "*", " ", " a ", "工", "𝄞", "é", "e\u0301",
    "A", "a", "NUL", "null", "None", "0", "-1", "x" * 200, "𝄞" * 200, "{}", "${HOME}", "--", "\u2028", "\u00a0", "\ufeff",
)  # fmt: skip  # a list of oddities, not a table


class WorkspaceContract(StorageCase):
    """Mixed into StorageContract."""

    def test_workspaces_are_apart(self, tmp_path: Path) -> None:
        """One explorer sees, changes or counts another's records."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"of": "ana"}), write(2), workspace="ana")
            (record,) = put(storage, write(1, data={"of": "ben"}), workspace="ben")
            assert (record.version, record.seq) == (1, 1)
            assert asked(storage, Query(kind=KIND), workspace="ben") == [1]
            assert got(storage, 2, workspace="ben") is None
            assert [found.id.int for found in followed(storage, 10, workspace="ben")[0]] == [1]
            kept = got(storage, 1, workspace="ana")
            assert kept is not None
            assert kept.data == {"of": "ana"}

    def test_workspaces_are_listed_by_code_point(self, tmp_path: Path) -> None:
        """A workspace with records is not listed, is listed twice, or the order is a language's."""
        with self.opened(tmp_path) as storage:
            keys = ["b", "𝄞", "a", "B", "\uffff", "ab", "é"]
            for key in keys:
                put(storage, write(1), workspace=key)
                put(storage, write(2), workspace=key)
            assert list(storage.workspaces()) == sorted(keys)

    def test_odd_keys_are_keys(self, tmp_path: Path) -> None:
        """A key was taken for a path, a pattern or syntax, was trimmed, or two keys fell together."""
        with self.opened(tmp_path) as storage:
            for key in ODD_KEYS:
                put(storage, write(1, data={"of": key}), workspace=key)
            assert list(storage.workspaces()) == sorted(ODD_KEYS)
            for key in ODD_KEYS:
                record = got(storage, 1, workspace=key)
                assert record is not None, f"{key!a}"
                assert record.data == {"of": key}

    def test_dropped_workspace_is_gone(self, tmp_path: Path) -> None:
        """Something of a dropped workspace can still be found, or its numbers go on counting."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), workspace="ben")
            put(storage, write(1, name="x"), write(2), workspace="ana")
            storage.drop_workspace("ana")
            assert list(storage.workspaces()) == ["ben"]
            assert got(storage, 1, workspace="ana") is None
            assert asked(storage, Query(kind=KIND), workspace="ana") == []
            assert followed(storage, 10, workspace="ana") == ([], "")
            (record,) = put(storage, write(1, name="y"), workspace="ana")
            assert (record.version, record.seq) == (1, 1)
            assert asked(storage, Query(kind=KIND, sort=IndexField.NAME), workspace="ana") == [1]
            old = Query(kind=KIND, where=(Condition(IndexField.NAME, Op.EQ, "x"),))
            assert asked(storage, old, workspace="ana") == [], "an index still knows the old value"
            assert list(storage.check(deep=True)) == []
            assert asked(storage, Query(kind=KIND), workspace="ben") == [1]

    def test_dropping_what_is_not_there_does_nothing(self, tmp_path: Path) -> None:
        """A second drop raised, or took something else away."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), workspace="ana")
            storage.drop_workspace("an")
            storage.drop_workspace("%")
            assert list(storage.workspaces()) == ["ana"]

    @pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "a\x00", "\x7f", "\x85", "\ud800"], ids=ascii)
    def test_key_that_is_none_is_refused(self, tmp_path: Path, key: str) -> None:
        """strict: a key that some storage cannot keep was accepted."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            for write_session in (False, True):
                with (
                    refuses(InvalidValue, f"a session in a workspace whose key is none (write={write_session})"),
                    storage.session(key, write=write_session),
                ):
                    pass
            with refuses(InvalidValue, "drop_workspace of a key that is none"):
                storage.drop_workspace(key)
            assert list(storage.workspaces()) == []

    def test_reading_makes_no_workspace(self, tmp_path: Path) -> None:
        """strict: a mistyped key in a reader, or a step that was undone, left an empty workspace behind."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            assert got(storage, 1, workspace="ana") is None
            with storage.session("ana", write=True) as session:
                session.put_many([write(1)])
            with storage.session("ana", write=True) as session:
                session.commit()
            assert list(storage.workspaces()) == []

    def test_cursor_of_another_workspace_is_refused(self, tmp_path: Path) -> None:
        """strict: a cursor carried a position, and with it a value, from one workspace to another."""
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            for key in ("ana", "ben"):
                put(storage, write(1), write(2), write(3), workspace=key)
            with storage.session("ana") as session:
                page = session.query(Query(kind=KIND, limit=1)).cursor
                changes = session.changes("", limit=1).cursor
            with storage.session("ben") as session:
                with refuses(InvalidCursor, "query with the cursor of another workspace"):
                    session.query(Query(kind=KIND, limit=1, cursor=page))
                with refuses(InvalidCursor, "changes with the cursor of another workspace"):
                    session.changes(changes)
