"""The contract's sentences about single records: what comes back, versions, tombstones. Queries are in `storage_queries`."""

import json
from pathlib import Path
from typing import Any

import pytest

from infoint.errors import AlreadyExists, Conflict
from infoint.storage.contract import Query
from infoint.testing.storage_case import (
    KIND,
    MOMENT,
    WORKSPACE,
    StorageCase,
    asked,
    got,
    key_of,
    put,
    refuses,
    tombstone,
    write,
)


def exact(value: Any) -> str:
    """Equal only where the types are too: 1, 1.0 and true differ."""
    return json.dumps(value, sort_keys=True)


class RecordContract(StorageCase):
    """Mixed into StorageContract."""

    def test_what_was_committed_is_read_back(self, tmp_path: Path) -> None:
        """A field of a record got lost or changed between put_many and get_many."""
        with self.opened(tmp_path) as storage:
            asked_for = write(1, data={"name": "Ana"}, text="Ana of Oak", name="Ana", due="2026-04-01")
            (returned,) = put(storage, asked_for)
            record = got(storage, 1)
            assert record is not None, "what was committed is not there"
            assert record == returned, "put_many returned something else than what is stored"
            assert (record.kind, record.id, record.key) == (asked_for.kind, asked_for.id, asked_for.key)
            assert (record.version, record.seq, record.schema, record.deleted) == (1, 1, (1, 0), False)
            assert record.data == asked_for.data
            assert record.index == asked_for.index
            assert record.text == asked_for.text

    def test_text_is_given_back_wherever_records_are(self, tmp_path: Path) -> None:
        """The text was kept for searching only, or came back as words: whoever moves house would leave it behind."""
        with self.opened(tmp_path) as storage:
            text = "  Ana's É—notes,\nana ANA  "
            put(storage, write(1, text="old"), write(2, text="gone"), write(3))
            put(storage, write(1, 1, text=text), tombstone(2))
            with storage.session(WORKSPACE) as session:
                read = session.get_many([key_of(1), key_of(2), key_of(3)])
                assert [read[key_of(number)].text for number in (1, 2, 3)] == [text, "", ""]
                assert [record.text for record in session.query(Query(kind=KIND)).items] == [text, ""]
                assert [record.text for record in session.changes("").items] == ["", text, ""]

    def test_time_comes_back_to_the_microsecond(self, tmp_path: Path) -> None:
        """`updated_at` lost its zone or its microseconds, or the storage put its own clock's time there."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            record = got(storage, 1)
            assert record is not None
            assert record.updated_at == MOMENT
            assert record.updated_at.utcoffset() is not None, "the time came back without a zone"

    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            False,
            0,
            1,
            -1,
            1.0,
            0.1,
            -2.5,
            2**53,
            -(2**53),
            "",
            " x ",
            [],
            {},
            [[]],
            [None, [1, {"a": []}]],
            {"": {"": 0}},
        ],
        ids=exact,
    )
    def test_every_json_value_survives(self, tmp_path: Path, value: Any) -> None:
        """A JSON value changed its type or content: 1.0 became 1, true became 1, an empty list became null."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"value": value}))
            record = got(storage, 1)
            assert record is not None
            assert exact(record.data) == exact({"value": value})

    @pytest.mark.parametrize(
        "text",
        [
            "工作 🌳 𝄞",
            "e\u0301 \u00e9",
            "\u0627\u0644\u0633\u0644\u0627\u0645 \u200f",
            "\ufeff\u2028\u2029\x85\ufffe\uffff",
            "\x01\x1b\x7f\t\r\n\r",
            "' \" \\ % _ * ; -- ? :a $1 {} NULL",
        ],
        ids=["astral", "combining", "right-to-left", "separators", "controls", "syntax"],
    )
    def test_every_text_survives(self, tmp_path: Path, text: str) -> None:
        """A text was normalised, trimmed, cut at a character above U+FFFF, or taken for syntax."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={text: [text]}, text=text, name=text))
            record = got(storage, 1)
            assert record is not None
            assert exact(record.data) == exact({text: [text]})
            assert exact([*record.index.values()]) == exact([(text,)])
            assert exact(record.text) == exact(text)

    def test_index_is_read_back(self, tmp_path: Path) -> None:
        """Several values, integers, repeated or missing values of the index were lost or put in another order."""
        with self.opened(tmp_path) as storage:
            asked_for = write(1, email=("b@oak.example", "a@oak.example", "b@oak.example"), due=(), status=(3, "3", -1))
            put(storage, asked_for)
            record = got(storage, 1)
            assert record is not None
            assert record.index == asked_for.index

    def test_large_record_survives(self, tmp_path: Path) -> None:
        """A record of a megabyte was cut or refused."""
        with self.opened(tmp_path) as storage:
            notes = "é工𝄞x" * 100_000
            put(storage, write(1, data={"notes": notes}))
            record = got(storage, 1)
            assert record is not None
            assert record.data == {"notes": notes}

    def test_later_changes_of_the_callers_data_do_not_reach_it(self, tmp_path: Path) -> None:
        """The storage keeps a reference: a list that the caller goes on using changes what is stored."""
        with self.opened(tmp_path) as storage:
            words = ["first"]
            asked_for = write(1, data={"words": words})
            words.append("second")
            put(storage, asked_for)
            words.append("third")
            record = got(storage, 1)
            assert record is not None
            assert record.data == {"words": ["first"]}

    def test_get_many_gives_those_there_are(self, tmp_path: Path) -> None:
        """A missing key raised, or came back as something; or kinds with equal ids were confused."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(1, kind="other", data={"other": True}), write(2))
            wanted = [key_of(1), key_of(1, "other"), key_of(3), key_of(2, "other"), key_of(1)]
            with storage.session(WORKSPACE) as session:
                found = session.get_many(wanted)
                assert set(found) == {key_of(1), key_of(1, "other")}
                assert found[key_of(1)].data == {"number": "1"}
                assert found[key_of(1, "other")].data == {"other": True}
                assert session.get_many([]) == {}

    # ── versions ─────────────────────────────────────────────────────────────────────────────────
    def test_versions_count_from_one(self, tmp_path: Path) -> None:
        """The version skipped, stood still, or did not begin at 1."""
        with self.opened(tmp_path) as storage:
            assert [put(storage, write(1, expect))[0].version for expect in (0, 1, 2, 3)] == [1, 2, 3, 4]
            assert put(storage, write(2))[0].version == 1, "the version is the record's own, not the workspace's"

    def test_put_many_returns_the_records_in_order(self, tmp_path: Path) -> None:
        """put_many returned its records in another order than it was given."""
        with self.opened(tmp_path) as storage:
            records = put(storage, write(3), write(1), write(2))
            assert [record.id.int for record in records] == [3, 1, 2]

    def test_new_record_where_one_is_already_exists(self, tmp_path: Path) -> None:
        """A second `expect=0` overwrote the record, or raised something that does not say that it exists."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"by": "first"}))
            with refuses(AlreadyExists, "put_many that expects nothing where a record is") as caught:
                put(storage, write(1, data={"by": "second"}))
            assert (caught.value.kind, caught.value.id) == (KIND, key_of(1).id)
            assert (caught.value.expected, caught.value.actual) == (0, 1)
            record = got(storage, 1)
            assert record is not None
            assert record.data == {"by": "first"}

    def test_stale_version_is_a_conflict(self, tmp_path: Path) -> None:
        """Somebody saved meanwhile, and their work was overwritten."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            put(storage, write(1, 1, data={"by": "first"}))
            with refuses(Conflict, "put_many with a version older than the stored one") as caught:
                put(storage, write(1, 1, data={"by": "second"}))
            assert not isinstance(caught.value, AlreadyExists), "the writer did not expect it to be new"
            assert (caught.value.expected, caught.value.actual) == (1, 2)
            record = got(storage, 1)
            assert record is not None
            assert (record.version, record.data) == (2, {"by": "first"})

    @pytest.mark.parametrize("expect", [1, 7])
    def test_version_of_what_is_not_there_is_a_conflict(self, tmp_path: Path, expect: int) -> None:
        """An update of a record that was never stored made one."""
        with self.opened(tmp_path) as storage:
            with refuses(Conflict, f"put_many that expects version {expect} where nothing is") as caught:
                put(storage, write(1, expect))
            assert (caught.value.expected, caught.value.actual) == (expect, 0)
            assert got(storage, 1) is None

    def test_version_from_the_future_is_a_conflict(self, tmp_path: Path) -> None:
        """Only older versions were refused, so a writer that counted wrongly got through."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            with refuses(Conflict, "put_many with a version later than the stored one"):
                put(storage, write(1, 2))

    def test_expecting_nothing_takes_whatever_is_there(self, tmp_path: Path) -> None:
        """`expect=None` was taken for 0, or did not count the version."""
        with self.opened(tmp_path) as storage:
            assert [put(storage, write(1, None))[0].version for _ in range(3)] == [1, 2, 3]

    def test_one_call_may_mix_expectations(self, tmp_path: Path) -> None:
        """An interview at version 2 and its new follow-up cannot be saved together."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1), write(3), write(4))
            put(storage, write(1, 1))
            records = put(storage, write(1, 2), write(2, 0), write(3, None), tombstone(4, 1))
            assert [record.version for record in records] == [3, 1, 2, 2]
            assert len({record.seq for record in records}) == 1, "one commit has one number"

    def test_put_many_is_all_or_nothing(self, tmp_path: Path) -> None:
        """A refused call left the part before the refused write behind."""
        with self.opened(tmp_path) as storage:
            put(storage, write(5))
            with storage.session(WORKSPACE, write=True) as session:
                with refuses(Conflict, "put_many of four records, the third of them with a stale version"):
                    session.put_many([write(1), write(2), write(5, 9), write(3)])
                assert session.get_many([key_of(1), key_of(2), key_of(3)]) == {}
                session.commit()
            assert asked(storage, Query(kind=KIND)) == [5]

    def test_same_record_twice_in_one_call_counts_twice(self, tmp_path: Path) -> None:
        """The second write of one call was checked against the state before the call, or was lost."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, 0, data={"step": 1}), write(1, 1, data={"step": 2}))
            record = got(storage, 1)
            assert record is not None
            assert (record.version, record.data) == (2, {"step": 2})
            with refuses(AlreadyExists, "put_many of the same new record twice"):
                put(storage, write(2), write(2))
            assert got(storage, 2) is None

    def test_the_session_counts_on_what_it_has_put(self, tmp_path: Path) -> None:
        """A second put_many of one session was checked against the state before the session."""
        with self.opened(tmp_path) as storage:
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(1)])
                with refuses(AlreadyExists, "put_many of a new record that the session has put already"):
                    session.put_many([write(1)])
                session.put_many([write(1, 1, data={"step": 2})])
                session.commit()
            record = got(storage, 1)
            assert record is not None
            assert (record.version, record.seq, record.data) == (2, 1, {"step": 2})

    # ── tombstones ───────────────────────────────────────────────────────────────────────────────
    def test_tombstone_is_got_but_empty(self, tmp_path: Path) -> None:
        """A deleted record vanished, so that a calendar feed cannot cancel it; or kept a person's words."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"secret": "words"}, name="Ana"))
            put(storage, tombstone(1, 1))
            record = got(storage, 1)
            assert record is not None, "the tombstone is gone"
            assert (record.deleted, record.version, record.seq) == (True, 2, 2)
            assert (record.data, record.index) == ({}, {})

    def test_tombstone_is_not_found_by_a_query(self, tmp_path: Path) -> None:
        """A deleted record still turns up in lists."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1, name="Ana"), write(2, name="Ana"))
            put(storage, tombstone(1))
            assert asked(storage, Query(kind=KIND)) == [2]

    def test_deleted_record_comes_back_at_its_version(self, tmp_path: Path) -> None:
        """The count began anew after a deletion, so that an old copy looks current."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            put(storage, tombstone(1, 1))
            with refuses(AlreadyExists, "put_many that expects nothing where a tombstone is") as caught:
                put(storage, write(1, 0))
            assert caught.value.actual == 2
            (record,) = put(storage, write(1, 2))
            assert (record.version, record.deleted) == (3, False)
            assert asked(storage, Query(kind=KIND)) == [1]

    def test_stale_deletion_is_a_conflict(self, tmp_path: Path) -> None:
        """A deletion took away what somebody else had just changed."""
        with self.opened(tmp_path) as storage:
            put(storage, write(1))
            put(storage, write(1, 1))
            with refuses(Conflict, "put_many of a tombstone with a stale version"):
                put(storage, tombstone(1, 1))
            record = got(storage, 1)
            assert record is not None
            assert not record.deleted
