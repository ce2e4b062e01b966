"""The contract's sentences about searching by words, for storages that declare it. What a word is, `infoint.storage.words` tells."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infoint.errors import InvalidCursor, InvalidValue
from infoint.storage.contract import Capability, Query, Record, Write, run_search
from infoint.storage.frozen import text_problem
from infoint.storage.words import LONGEST_WORD, MOST_ASKED, MOST_BYTES
from infoint.testing.storage_case import (
    A_MOMENT,
    GARBAGE,
    KIND,
    WORKSPACE,
    Background,
    StorageCase,
    found_pages,
    got,
    put,
    refuses,
    searched,
    tombstone,
    write,
)

SYNTAX = (
    '"', '""', '"ana', "ana*", "*ana", "*", "ana OR bo", "ana AND bo", "NOT ana", "ana NOT bo", "NEAR(ana bo)", "NEAR(ana bo, 2)", "(ana",
    "ana)", "{ana bo}: ana", "text:ana", "text : ana", "ana+bo", "ana-bo", "-ana", "^ana", "ana^2", "ana~", "/ana/", "ana:*", "ana:A", "!ana",
    "ana & bo", "ana | bo", "ana <-> bo", "ana <2> bo", "'", "''", "'; DROP TABLE record; --", "ana' OR '1'='1", "1=1", "%", "%s", "%(ana)s",
    "_", "a_a", "?", "?1", ":ana", "$1", "@ana", "\\", "\\ana", "ana\\", "\\'", "/* ana */", "--", "# ana", "`ana`", "[ana]", "<ana>", "{}",
    "ana;bo", "ana,bo", "ana\tbo", "ana\nbo", "ana\x00bo", "\x00", "ana\ud800bo", "\udfff", "\u200b", "ana\u00a0bo", "ana\u2028bo", "\ufeffana",
    "null", "NULL", "true", "ana\u0301", "ÀNA", "ＡＮＡ", "ﬁn", "STRASSE", "İ", "ana@oak.example", "+1 555", "don't", "c++", "…", "—", "🌳",
    "ana " * 200, "x" * 10_000,
)  # fmt: skip  # a list of oddities, not a table
"""What some search engine or other takes for syntax."""

_POOL = (
    "Ana", "ana", "Anastasia", "bo", "Oak", "oakwood", "café", "CAFE", "straße", "STRASSE", "Ångström", "İstanbul", "工作", "作", "한글", "ﬁnance",
    "１２３", "12", "1", "2026-04-01", "ana@oak.example", "don't", "near", "NOT", "or", "the", "a_b", "a", "naïve", "e\u0301t\u00e9", "ñ", "n",
)  # fmt: skip  # a list, not a table
_QUESTIONS = (
    "a", "an", "ana", "ANA oak", "cafe", "café", "strasse", "ångstrom", "istanbul", "作", "工 作", "한", "fin", "123", "1", "12 a", "2026", "oak.example",
    "don", "not", "NEAR or", "the the", "a_b", "nai", "été", "n", "ñ", "", " ", "!", "nobody", "ana nobody",
)  # fmt: skip  # as above


def texts(rng: random.Random, count: int) -> list[Write]:
    """Records of two kinds whose words meet often."""
    return [
        write(number, kind=rng.choice((KIND, "talk")), text=" ".join(rng.choice(_POOL) for _ in range(rng.randint(0, 6))))
        for number in rng.sample(range(1, 1_000), count)
    ]


def told(records: "tuple[Record, ...]") -> list[tuple[str, int]]:
    """Kind and number."""
    return [(record.kind, record.id.int) for record in records]


class SearchContract(StorageCase):
    """Mixed into StorageContract."""

    def test_search_finds_words_and_their_beginnings(self, tmp_path: Path) -> None:
        """A word is not found, or only as a whole; something within a word is; or one of several words was enough."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(
                storage,
                write(1, text="Ana Oak talks of carpentry"),
                write(2, text="Anastasia"),
                write(3, text="banana"),
                write(4),
            )
            for text, expected in (
                ("ana", [1, 2]), ("anas", [2]), ("talks carp", [1]), ("carp ana", [1]), ("ana elm", []), ("nana", []), ("of of of", [1]), ("ana ana oak", [1]),
            ):  # fmt: skip  # a table
                assert [number for _, number in searched(storage, text)] == expected, text

    def test_search_folds_case_accents_and_width(self, tmp_path: Path) -> None:
        """Somebody who types without accents, in capitals or in full width finds nothing, or letters of other scripts are lost."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            written = (
                "Café Ångström", "CAFE\u0301", "Straße", "İstanbul", "ﬁnance", "工作坊", "한글", "Ωμέγα", "Привет", "ｗｉｄｅ 42",
            )  # fmt: skip  # a list, not a table
            put(storage, *(write(number, text=text) for number, text in enumerate(written, start=1)))
            for text, expected in (
                ("cafe", [1, 2]), ("CAFÉ", [1, 2]), ("ang", [1]), ("STRASSE", [3]), ("istanbul", [4]), ("fin", [5]), ("作", [6]), ("作工", [6]),
                ("한", [7]), ("하", []), ("ωμεγα", [8]), ("ПРИВ", [9]), ("wide ４２", [10]),
            ):  # fmt: skip  # a table
                assert [number for _, number in searched(storage, text)] == expected, text

    def test_search_takes_no_word_for_nothing(self, tmp_path: Path) -> None:
        """A question without a word finds everything; or records without a text are found."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="Ana"), write(2), write(3, text="—"))
            for text in ("", " ", "—", "_", "*", '""', "'"):
                with storage.session(WORKSPACE) as session:
                    page = session.search(text)
                assert (page.items, page.cursor) == ((), ""), ascii(text)

    def test_search_takes_common_words_for_words(self, tmp_path: Path) -> None:
        """Words like "the" were left out, or endings cut off, by the rules of one language."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="The who"), write(2, text="talking"), write(3, text="der die das"))
            assert searched(storage, "the") == [(KIND, 1)]
            assert searched(storage, "the who") == [(KIND, 1)]
            assert searched(storage, "talked") == []
            assert searched(storage, "talks") == []
            assert searched(storage, "das der") == [(KIND, 3)]

    def test_search_looks_at_the_text_alone(self, tmp_path: Path) -> None:
        """What stands in the data or the index is found too, though the codec left it out of the text."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"secret": "hidden"}, text="open", name="hidden"), write(2, kind="hidden", text="open"))
            assert searched(storage, "hidden") == []

    def test_search_tells_the_latest_first(self, tmp_path: Path) -> None:
        """The order is a ranking, that of ids, or that in which records were made."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            large = (1 << 128) - 1
            put(storage, write(7, text="ana ana ana"), write(3, text="ana"), write(large, text="ana"))
            put(storage, write(9, kind="a", text="long before ana"), write(5, text="ana"), write(5, kind="z", text="ana"))
            put(storage, write(3, 1, text="ana again"))
            expected = [(KIND, 3), ("a", 9), (KIND, 5), ("z", 5), (KIND, 7), (KIND, large)]
            for limit in (1, 2, 5, 6, 500):
                assert searched(storage, "ana", limit=limit) == expected, limit

    def test_search_is_narrowed_by_kinds(self, tmp_path: Path) -> None:
        """A kind that was not asked for is found; or one of several kinds is not."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, kind=kind, text="ana") for number, kind in enumerate(("a", "b", "c"), start=1)))
            assert searched(storage, "ana", kinds=["b"]) == [("b", 2)]
            assert searched(storage, "ana", kinds={"c", "a"}, limit=1) == [("a", 1), ("c", 3)]
            assert searched(storage, "ana", kinds=("a", "a")) == [("a", 1)]
            assert searched(storage, "ana", kinds=["none"]) == []

    def test_search_knows_what_is_there_now(self, tmp_path: Path) -> None:
        """A search finds words of an older version or of a deleted record, or not those that came later."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="old both"), write(2, text="old"), write(3, text="old"))
            put(storage, write(1, 1, text="new both"), tombstone(2), write(3, 1))
            assert searched(storage, "old") == []
            assert searched(storage, "new") == searched(storage, "both") == [(KIND, 1)]
            put(storage, write(2, 2, text="old again"))
            assert searched(storage, "old") == [(KIND, 2)]

    def test_search_counts_what_the_session_has_put(self, tmp_path: Path) -> None:
        """A step does not find what it has just put, or others find it before it is committed, or after it was undone."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="ana"), write(2, text="ana"), write(3, text="bo"))
            with storage.session(WORKSPACE, write=True) as session:
                session.put_many([write(4, text="ana"), tombstone(1), write(3, 1, text="ana")])
                session.put_many([write(4, 1, text="anabel"), write(5, kind="a", text="ana")])
                found = [record for page in found_pages(session, "ana", limit=1) for record in page.items]
                assert told(tuple(found)) == [("a", 5), (KIND, 3), (KIND, 4), (KIND, 2)]
                assert [record.text for record in found] == ["ana", "ana", "anabel", "ana"]
                assert session.search("bo").items == ()
            assert searched(storage, "ana") == [(KIND, 1), (KIND, 2)]
            assert searched(storage, "bo") == [(KIND, 3)]

    def test_search_gives_the_records_themselves(self, tmp_path: Path) -> None:
        """A record that was found differs from the same record read by its key."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, data={"notes": ["工𝄞", 1.0]}, text="Ana", name=("b", "a"), due=7))
            with storage.session(WORKSPACE) as session:
                (record,) = session.search("ana").items
            assert record == got(storage, 1)

    def test_search_keeps_workspaces_apart(self, tmp_path: Path) -> None:
        """One explorer finds another's notes; or what was dropped is still found."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="ana"), workspace="ana")
            put(storage, write(2, text="ana"), workspace="ben")
            assert searched(storage, "ana", workspace="ana") == [(KIND, 1)]
            assert searched(storage, "ana", workspace="nobody") == []
            storage.drop_workspace("ana")
            assert searched(storage, "ana", workspace="ana") == []
            put(storage, write(3, text="bo"), workspace="ana")
            assert searched(storage, "ana", workspace="ana") == []
            assert searched(storage, "ana", workspace="ben") == [(KIND, 2)]

    def test_search_takes_no_syntax(self, tmp_path: Path) -> None:
        """A question was taken for the syntax of some search engine or of SQL: it finds something else, or ends in an error."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            storable = [text for text in SYNTAX if not text_problem(text)]
            words = [
                write(number, text=text)
                for number, text in enumerate([*storable, "ana bo", "ana", "bo", "OR NOT near"], start=1)
            ]
            records = put(storage, *words)
            with storage.session(WORKSPACE) as session:
                for text in SYNTAX:
                    expected = told(run_search(records, text, limit=500).items)
                    assert told(session.search(text, limit=500).items) == expected, ascii(text[:40])

    def test_search_has_limits_of_its_own(self, tmp_path: Path) -> None:
        """A very long word, question or text ends in an error, or in another answer than elsewhere."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            many = [f"w{number}" for number in range(MOST_ASKED + 5)]
            # Seven letters each, so that the last ones are beyond what is looked at.
            long = " ".join(f"v{number:06}" for number in range(MOST_BYTES // 7 + 10))
            put(storage, write(1, text="é" * 200), write(2, text=" ".join(many[:MOST_ASKED])), write(3, text=long))
            assert searched(storage, "e" * LONGEST_WORD) == [(KIND, 1)]
            assert searched(storage, "é" * 199 + "x") == [(KIND, 1)], "of a longer word the beginning counts"
            assert searched(storage, "e" * (LONGEST_WORD - 1) + "x") == []
            assert searched(storage, " ".join(many)) == [(KIND, 2)], (
                "what comes after the last word that is asked for is not asked"
            )
            last = MOST_BYTES // 7 - 1
            assert searched(storage, f"v{last:06}") == [(KIND, 3)]
            assert searched(storage, f"v{last + 1:06}") == [], "other storages do not find it either"

    def test_random_searches_equal_run_search(self, tmp_path: Path) -> None:
        """A search that the storage answers itself has another answer than `run_search`, which is its meaning."""
        self.needs(tmp_path, Capability.SEARCH)
        rng = random.Random(4)  # noqa: S311  # seeded on purpose
        with self.opened(tmp_path) as storage:
            records = {record.key: record for record in put(storage, *texts(rng, 60))}
            first = list(records.values())
            changed = [write(record.id.int, 1, kind=record.kind, text="ana cafe oak") for record in first[:10]]
            gone = [tombstone(record.id.int, kind=record.kind) for record in first[10:15]]
            records.update({record.key: record for record in put(storage, *changed, *gone)})
            with storage.session(WORKSPACE) as session:
                for _ in range(200):
                    text = " ".join(rng.choice(_QUESTIONS) for _ in range(rng.randint(1, 3)))
                    kinds = rng.choice(((), (KIND,), ("talk", KIND), ("none",)))
                    pages = list(found_pages(session, text, kinds=kinds, limit=rng.choice((1, 2, 7, 500))))
                    expected = told(run_search(records.values(), text, kinds=kinds, limit=500).items)
                    assert [one for page in pages for one in told(page.items)] == expected, (text, kinds)

    # ── pages ────────────────────────────────────────────────────────────────────────────────────
    def test_last_page_of_a_search_says_so(self, tmp_path: Path) -> None:
        """A full last page has a cursor, so that every list ends with an empty page; or a page is larger than its limit."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, text="ana") for number in range(1, 5)))
            with storage.session(WORKSPACE) as session:
                first = session.search("ana", limit=2)
                assert (told(first.items), bool(first.cursor)) == ([(KIND, 1), (KIND, 2)], True)
                second = session.search("ana", limit=2, cursor=first.cursor)
                assert (told(second.items), second.cursor) == ([(KIND, 3), (KIND, 4)], "")
                assert session.search("ana", limit=4).cursor == ""

    def test_search_cursor_holds_while_others_write(self, tmp_path: Path) -> None:
        """Pages are counted, not remembered: what is saved or deleted meanwhile shifts the next page."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, text="ana") for number in range(10, 20)))
            with storage.session(WORKSPACE) as session:
                first = session.search("ana", limit=4)
            put(storage, write(1, text="ana"), tombstone(11), tombstone(14), write(16, 1, text="ana"))
            with storage.session(WORKSPACE) as session:
                rest = session.search("ana", limit=100, cursor=first.cursor)
            assert told(first.items) == [(KIND, number) for number in (10, 11, 12, 13)]
            assert told(rest.items) == [(KIND, number) for number in (15, 17, 18, 19)]

    def test_cursor_of_another_search_is_refused(self, tmp_path: Path) -> None:
        """A cursor was taken for a position in another answer, and the page it gives is wrong without a word."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, text="ana bo", kind=kind) for number in range(1, 5) for kind in (KIND, "talk")))
            with storage.session(WORKSPACE) as session:
                cursor = session.search("Ana", kinds=[KIND, "talk"], limit=2).cursor
                session.search("ana", kinds=["talk", KIND], limit=3, cursor=cursor)
                calls: tuple[Callable[[], Any], ...] = (
                    lambda: session.search("an", kinds=[KIND, "talk"], cursor=cursor),
                    lambda: session.search("ana bo", kinds=[KIND, "talk"], cursor=cursor),
                    lambda: session.search("bo", kinds=[KIND, "talk"], cursor=cursor),
                    lambda: session.search("", kinds=[KIND, "talk"], cursor=cursor),
                    lambda: session.search("ana", kinds=[KIND], cursor=cursor),
                    lambda: session.search("ana", cursor=cursor),
                    lambda: session.query(Query(kind=KIND, cursor=cursor)),
                    lambda: session.changes(cursor),
                    lambda: session.search("ana", cursor=session.query(Query(kind=KIND, limit=1)).cursor),
                    lambda: session.search("ana", cursor=session.changes("", limit=1).cursor),
                )
                for number, call in enumerate(calls):
                    with refuses(InvalidCursor, f"call {number} with the cursor of another search"):
                        call()

    def test_garbage_is_no_search_cursor(self, tmp_path: Path) -> None:
        """A cursor that came from outside ended in a native error, or in a page."""
        self.needs(tmp_path, Capability.SEARCH)
        with self.opened(tmp_path) as storage:
            put(storage, *(write(number, text="ana") for number in range(1, 8)))
            with storage.session(WORKSPACE) as session:
                real = session.search("ana", limit=2).cursor
                for cursor in (*GARBAGE, real[:-1], real[1:], real + "A", real * 2, real.swapcase()):
                    with refuses(InvalidCursor, f"search with the cursor {cursor[:40]!a}"):
                        session.search("ana", limit=2, cursor=cursor)

    def test_search_cursor_of_another_workspace_is_refused(self, tmp_path: Path) -> None:
        """strict: a cursor carried a position from one workspace to another."""
        self.needs(tmp_path, Capability.SEARCH)
        self.needs_strict()
        with self.opened(tmp_path) as storage:
            for key in ("ana", "ben"):
                put(storage, write(1, text="oak"), write(2, text="oak"), workspace=key)
            with storage.session("ana") as session:
                cursor = session.search("oak", limit=1).cursor
            with storage.session("ben") as session, refuses(InvalidCursor, "search with the cursor of another workspace"):
                session.search("oak", limit=1, cursor=cursor)

    @pytest.mark.parametrize(
        ("asked", "text"),
        [
            ({"limit": 0}, "ana"), ({"limit": -1}, "ana"), ({"limit": 10_001}, "ana"), ({"limit": True}, "ana"), ({"limit": 0}, ""),
            ({"kinds": "note"}, "ana"), ({"kinds": ["Note"]}, "ana"), ({"kinds": ["a'b"]}, "ana"), ({"kinds": [7]}, "ana"), ({}, None), ({}, b"ana"),
        ],
        ids=str,
    )  # fmt: skip  # a table
    def test_search_that_is_none_is_refused(self, tmp_path: Path, asked: dict[str, Any], text: Any) -> None:
        """A page of nothing or of all there is was promised, or what is no kind ended in a native error."""
        self.needs(tmp_path, Capability.SEARCH)
        with (
            self.opened(tmp_path) as storage,
            storage.session(WORKSPACE) as session,
            refuses(InvalidValue, f"search for {text!r} with {asked}"),
        ):
            session.search(text, **asked)

    def test_search_of_one_state(self, tmp_path: Path) -> None:
        """Two pages of one session are of two states."""
        self.needs(tmp_path, Capability.SEARCH, Capability.SNAPSHOT_READS, Capability.CONCURRENT_WRITERS)
        with self.opened(tmp_path) as storage:
            put(storage, write(1, text="ana"), write(2, text="ana"))
            with storage.session(WORKSPACE) as session:
                before = told(session.search("ana").items)
                other = Background(lambda: put(storage, write(3, text="ana"), tombstone(1)))
                other.wait(A_MOMENT)  # it may write now, or wait until the reader has ended
                assert told(session.search("ana").items) == before == [(KIND, 1), (KIND, 2)]
            other.result()
            assert searched(storage, "ana") == [(KIND, 3), (KIND, 2)]
