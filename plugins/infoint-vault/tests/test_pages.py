"""A record becomes a file and comes back, whatever is in it; and what somebody wrote around it stays."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import yaml
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st
from infoint_vault.page import Page, Sheet, read_page
from infoint_vault.page_writing import MARKER, write_page
from infoint_vault.splices import same
from infoint_vault.yaml_text import NotReadable, pair, read_yaml

ID = UUID(int=7)
SAVED = datetime(2026, 11, 2, 8, 15, 30, 123456, tzinfo=UTC)
LONG = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

HOSTILE = (
    "---", "---\n", "\n---\n", "...", "```", "```yaml history\n- 1\n```", MARKER, f"a\n{MARKER}\nb", "# heading", "- item", "? key",
    "key: value", "a #b", "&anchor", "*alias", "!!python/object/apply:os.system [id]", "!tag x", "{}", "[]", "{{x}}", "%YAML 1.1", "@x", "`x`",
    "| x", "> x", "<<", "=", "~", "null", "Null", "true", "True", "no", "No", "yes", "on", "off", "y", "n", "12:30:45", "010", "0x1F", "1_000", "1e3",
    "1.", ".5", "+1", "-1", "1", "-0", ".inf", ".nan", "2026-12-01", "2026-13-45", "2026-12-01T10:00:00Z", "2026-12-01 10:00:00", " ", "  x", "x ",
    "\t", "\tx", "\n", "\n\n", "a\n", "a\n\n", "\na", " a\nb", "a\n  b\n", "a\r\nb", "a\rb", "a\r\nb\n", "\r\n", "\x85", "\u2028", "\u2029", "\ufeff",
    "\ufeffa\nb", "\ufffe", "\x7f", "\x01", "\x1b[0m", "'", '"', "'a", 'a"b', "\\", "\\n", "é", "e\u0301", "工", "𝄞", "a: |\n  b", "x:", "::", ": x", ",", "a, b",
    "<script>", "[[link]]", "%% comment %%", "infoint", "infoint: {}", "a" * 5_000, "a\xa0b", "#", "a\n\n\n\nb", "trailing  \nspaces \n",
    "\u200f", "1" * 5_000, "9007199254740993", "~~~", "    code\n", "a\n---\nb", "'''", "key\n:", "a\tb", "<<<<<<< HEAD", "a\n>>>>>>> b\nc", "a\n=======",
)  # fmt: skip  # a list of oddities, not a table
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("\n".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
)
keys = st.one_of(
    st.sampled_from(["notes", "note", "draft", "id", "kind", "infoint", "infoint_", "agenda", "name", "infoint__"]), texts
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), texts
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)), max_leaves=12
)
datas = st.dictionaries(keys, values, max_size=6)


def sheet(data: dict[str, Any], version: int = 1, **more: Any) -> Sheet:
    return Sheet(data=data, kind="note", id=ID, version=version, schema=(1, 0), saved=SAVED, **more)


def read(content: bytes) -> Page:
    return read_page(content)


def assert_says(content: bytes, wanted: Sheet) -> None:
    found = read(content).sheet
    assert same(found.data, wanted.data)
    assert found.untouched
    assert (found.kind, found.id, found.version, found.schema, found.saved) == ("note", ID, wanted.version, (1, 0), SAVED)
    assert (found.index, found.text, found.deleted) == (wanted.index, wanted.text, wanted.deleted)


@LONG
@given(datas)
def test_every_record_comes_back_from_its_file(data: dict[str, Any]) -> None:
    """A value of a record was taken for syntax, changed its type, or was lost on its way through a file."""
    assert_says(write_page(sheet(data)), sheet(data))


@LONG
@given(datas, datas, st.booleans())
def test_every_record_comes_back_from_a_file_that_was_there(
    before: dict[str, Any], after: dict[str, Any], windows: bool
) -> None:
    """Saved over another state, a file says something else than what was saved."""
    content = write_page(sheet(before))
    if windows and b"\r" not in content:
        content = content.replace(b"\n", b"\r\n")
    over = read(content)
    assert_says(write_page(sheet(before | after, 2), over), sheet(before | after, 2))
    assert_says(write_page(sheet(after, 2), over), sheet(after, 2))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("place", ["prose", "front", "key", "part", "list", "extra"])
def test_hostile_text_comes_back(text: str, place: str) -> None:
    """A text that looks like YAML, Markdown or our own marks came back as something else."""
    data: dict[str, Any] = {
        "prose": {"notes": text},
        "front": {"name": text},
        "key": {text: text},
        "part": {"agenda": [{text: text}], "notes": text},
        "list": {"names": [text, [text]]},
        "extra": {"x": 1},
    }[place]
    told = sheet(data, index={"name": [text]}, text=text) if place == "extra" else sheet(data)
    assert_says(write_page(told), told)
    assert_says(write_page(evolve(told, version=2), read(write_page(sheet({"notes": "before"})))), evolve(told, version=2))


def test_other_readers_of_yaml_see_the_same() -> None:
    """A text that YAML 1.1 takes for a number, a truth value or a time was left without quotes."""
    for text in HOSTILE:
        if "\r" in text or "\x00" in text:
            continue
        told = yaml.safe_load(pair("key", text))["key"]
        assert told == text or str(told) == text == "2026-12-01", ascii(text)


def test_scalars_are_told_by_their_form() -> None:
    """What a person types is guessed at: `no` becomes false, a time 45045, `010` eight."""
    said = "a: no\nb: 12:30:45\nc: 010\nd: 2026-13-45\ne: 2026-12-01\nf: 0x1F\ng: 1_000\nh: true\ni: 1.50\nj: 1e999x\nk:\nl: ~\nm: -3\nn: Yes\n"
    node = read_yaml(said)
    assert node is not None
    assert node.value == {
        "a": "no", "b": "12:30:45", "c": "010", "d": "2026-13-45", "e": "2026-12-01", "f": "0x1F", "g": "1_000", "h": True, "i": 1.5,
        "j": "1e999x", "k": None, "l": None, "m": -3, "n": "Yes",
    }  # fmt: skip  # one line per thought


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"---\na: &x 1\nb: *x\n---\n", "anchors"),
        (b"---\na: &x [*x]\n---\n", "anchors"),
        (b"---\na: !!python/object/apply:os.system ['true']\n---\n", "tags"),
        (b"---\na: !x y\n---\n", "tags"),
        (b"---\na: " + b"[" * 9 + b"]" * 9 + b"\n---\n", "deeper than 8"),
        (b"---\na: " + b"[" * 100_000 + b"\n---\n", "deeper than 8"),
        (b"---\na: 1\na: 2\n---\n", "twice"),
        (b"---\n[a]: 1\n---\n", "key that is no text"),
        (b"---\n- a\n---\n", "no mapping"),
        (b"---\na: [\n---\n", "no YAML"),
        (b"---\na: 1\n", "without an end"),
        (b"---\n%YAML 1.1\na: 1\n---\n", "no YAML"),
        (b"\xff\xfe", "UTF-8"),
        (b"---\na: \x00\n---\n", "NUL"),
        (b"---\ninfoint: x\n---\n", "no mapping"),
        (b"---\ninfoint: {version: x}\n---\n", "version"),
        (b"---\nid: x\n---\n", "id"),
        (b"---\ninfoint: {body: notes}\nnotes: x\n---\ny\n", "has notes in its front matter and below it"),
        (b"---\na: 1\n---\n<!-- infoint: -->\n```yaml b\n- 1\n", "without an end"),
        (b"---\na: 1\n---\n<!-- infoint: -->\n```yaml a\n- 1\n```\n", "twice"),
        (b"---\na: 1\n---\n<!-- infoint: -->\n```json b\nNaN\n```\n", "no JSON"),
        (b"---\na: 1\n---\n<!-- infoint: -->\n```json b\n" + b"[" * 100_000 + b"\n```\n", "no JSON"),
        (b"---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n---\n", "marks of a merge"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(content: bytes, problem: str) -> None:
    """A file that is bad, or meant to do harm, was taken for a record, or ended in a native error."""
    with pytest.raises(NotReadable, match=problem):
        read(content)


@settings(LONG, max_examples=200)
@given(st.binary(max_size=200), datas, st.integers(0, 400), st.integers(0, 20))
def test_damaged_files_are_read_or_refused(noise: bytes, data: dict[str, Any], at: int, cut: int) -> None:
    """A damaged file of any record ended in an error that is not ours. (For many more, and their limits: test_fuzzed_files.)"""
    content = write_page(sheet(data))
    for damaged in (noise, content[:at] + noise + content[at + cut :]):
        with suppress(NotReadable):
            assert isinstance(read(damaged), Page)


BY_HAND = """---
# who she is
name:   "Ana Ruiz"   # as she writes it
emails: [a@oak.example, b@oak.example]
zone: 'Europe/Madrid'

rapport: 1   # she laughed
infoint: {kind: note, version: 3, schema: '1.0', body: notes, mine: kept, id: 00000000-0000-0000-0000-000000000007}
unknown: {deep: [1, 2.50, "x"]}   # of another program
---

Some *prose*,
with lines.

<!-- infoint: whatever -->
A remark between.

## What was asked

```yaml agenda
# first
- question: "Why?"   # the best one
  minutes: 3
- question: 'How?'
```

The end.
"""


def changed(**values: Any) -> str:
    page = read(BY_HAND.encode())
    data = {key: value for key, value in (page.sheet.data | values).items() if value is not ...}
    content = write_page(sheet(data, 4), page)
    assert_says(content, sheet(data, 4))
    return content.decode()


def test_what_did_not_change_stays_byte_for_byte() -> None:
    """Comments, order, quotes, blank lines, unknown keys or remarks were lost because something else changed."""
    line = "infoint: {kind: note, id: 00000000-0000-0000-0000-000000000007, version: 4, schema: '1.0',"
    line += " saved: '2026-11-02T08:15:30.123456Z', body: notes, sum: SUM, mine: kept}"

    def unlined(text: str) -> str:
        return "\n".join(line if row.startswith("infoint: {") else row for row in text.split("\n"))

    before = unlined(BY_HAND)
    assert unlined(changed()) == before
    assert unlined(changed(rapport=2)) == before.replace("rapport: 1   #", "rapport: 2   #")
    assert unlined(changed(name="Ana R.")) == before.replace('"Ana Ruiz"', "Ana R.")
    assert unlined(changed(notes="New.\n")) == before.replace("Some *prose*,\nwith lines.\n", "New.\n\n")
    assert unlined(changed(rapport=...)) == before.replace("rapport: 1   # she laughed\n", "")
    assert unlined(changed(added=[1])) == before.replace("# of another program\n", "# of another program\nadded:\n  - 1\n")
    questions = [{"question": "Why?", "minutes": 4}, {"question": "How?"}]
    assert unlined(changed(agenda=questions)) == before.replace("minutes: 3", "minutes: 4")
    more = [{"question": "Why?", "minutes": 3}, {"question": "How?"}, {"question": "Who?"}]
    assert unlined(changed(agenda=more)) == before.replace("'How?'\n", "'How?'\n- question: Who?\n")
    assert unlined(changed(agenda=more[:1])) == before.replace("- question: 'How?'\n", "")


def test_line_ends_and_byte_order_mark_stay() -> None:
    """A file of a Windows editor was turned into one of Unix, so that every line of it is a change to git."""
    page = read(b"\xef\xbb\xbf" + BY_HAND.replace("\n", "\r\n").encode())
    assert page.sheet.data["notes"] == "Some *prose*,\nwith lines."
    content = write_page(sheet(page.sheet.data | {"notes": "a\nb", "added": {"x": 1}}, 4), page)
    assert content.startswith(b"\xef\xbb\xbf---\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


def test_large_texts_come_back() -> None:
    """A text of ten megabytes was cut, or took minutes."""
    text = ("é工𝄞 word\n" * 700_000) + "end"
    told = sheet({"notes": text, "name": "x" * 1_000_000, "quoted": "a\x01" * 200_000})
    assert len(text.encode()) > 10_000_000
    assert_says(write_page(told), told)


@pytest.mark.slow
def test_largest_records_come_back() -> None:
    """What a storage has to take, written out for people, is more than is read again, or takes minutes."""
    deep: Any = []
    for _ in range(60):
        deep = [deep, *range(100)]
    for data in (
        {"many": list(range(2_000_000))},
        {"no name": [[1]] * 1_000_000},
        {"control": "\x01" * 2_500_000, "rows": [{"a": 1, "b": "x"}] * 300_000},
        {"deep": [deep] * 500},
    ):
        assert len(json.dumps(data)) > 3_000_000
        told = sheet(data, text="\x01" * 16_000_000)
        begin = time.monotonic()
        assert_says(write_page(told), told)
        assert time.monotonic() - begin < 60


def test_names_of_data_are_read_as_json_would() -> None:
    """Numbers of YAML and JSON parts are not the same numbers."""
    data = {
        "a": [{"n": 1.0}, {"n": 1}, {"n": True}, {"n": 1e16}, {"n": 1e-07}, {"n": -0.0}, {"n": 2**53}],
        "b": 0.1,
        "c": 1.0,
        "d": -0.0,
    }
    found = read(write_page(sheet(data))).sheet.data
    assert json.dumps(found, sort_keys=True) == json.dumps(data, sort_keys=True)
