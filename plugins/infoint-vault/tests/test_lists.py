"""Lists that are saved over what somebody wrote: each remark stays at the item it was written for, and the rest as it was."""

import json
import random
import time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st
from infoint_vault.alignment import aligned
from infoint_vault.page import Sheet, read_page
from infoint_vault.page_writing import write_page

ID = UUID(int=7)


def saved_over(front: str, **values: Any) -> str:
    """The lines of front matter, without our own, after these values were saved."""
    page = read_page(f"---\n{front}infoint: {{kind: note, version: 1, id: {ID}}}\n---\n".encode())
    data = page.sheet.data | values
    content = write_page(Sheet(data=data, kind="note", id=ID, version=2, schema=(1, 0)), page)
    assert read_page(content).sheet.data == data
    return content.decode().removeprefix("---\n").partition("infoint: ")[0]


EMAILS = "emails:\n  # best first\n  - a@oak.example  # work\n  # since May\n  - 'b@oak.example' # home\n  - c@oak.example\n"


@pytest.mark.parametrize(
    ("emails", "wanted"),
    [
        ("b c", "emails:\n  # best first\n  # since May\n  - 'b@oak.example' # home\n  - c@oak.example\n"),
        ("a c", "emails:\n  # best first\n  - a@oak.example  # work\n  # since May\n  - c@oak.example\n"),
        ("a b", "emails:\n  # best first\n  - a@oak.example  # work\n  # since May\n  - 'b@oak.example' # home\n"),
        ("b", "emails:\n  # best first\n  # since May\n  - 'b@oak.example' # home\n"),
        ("x a b c", EMAILS.replace("emails:\n", "emails:\n  - x@oak.example\n")),
        ("a x b c", EMAILS.replace("work\n", "work\n  - x@oak.example\n")),
        ("a b c x", EMAILS + "  - x@oak.example\n"),
        ("b c x", "emails:\n  # best first\n  # since May\n  - 'b@oak.example' # home\n  - c@oak.example\n  - x@oak.example\n"),
        ("a x c", EMAILS.replace("'b@oak.example'", "x@oak.example")),
        ("c a b", "emails:\n  - c@oak.example\n" + EMAILS.removeprefix("emails:\n").removesuffix("  - c@oak.example\n")),
    ],
)  # fmt: skip  # a table
def test_remarks_stay_at_their_items(emails: str, wanted: str) -> None:
    """The first address was taken away, and "work" stood beside the one from home."""
    assert saved_over(EMAILS, emails=[f"{letter}@oak.example" for letter in emails.split()]) == wanted


@pytest.mark.parametrize(
    ("front", "values", "wanted"),
    [
        ("[a, 'b', \"c\"] # two", ["b", "c"], "['b', \"c\"] # two"),
        ("[a, b] # two", ["c"], "[c] # two"),
        ("[a, b] # two", ["a", "x, y", "http://b", "it's", "", "no", 1, None, "a\nb"], "[a, 'x, y', http://b, 'it''s', '', 'no', 1, null, \"a\\nb\"] # two"),
        ("[a, b] # two", [], "[] # two"),
        ("[] # none yet", ["a"], "[a] # none yet"),
        ("[a,\n    b]", ["a", "c"], "[a, c]"),
    ],
)  # fmt: skip  # a table
def test_list_in_brackets_stays_one(front: str, values: list[Any], wanted: str) -> None:
    """A list somebody wrote on one line became a block, and lost its remark."""
    assert saved_over(f"a: 1\nx: {front}\nb: 2\n", x=values) == f"a: 1\nx: {wanted}\nb: 2\n"


def test_list_in_brackets_that_cannot_stay_is_a_block() -> None:
    """Lists within lists are forced onto one line, or an empty list of ours stays one line for ever."""
    assert saved_over("x: [a]\n", x=[["a"], {"b": 1}]) == "x:\n  - - a\n  - b: 1\n"
    assert saved_over("x: []\n", x=["a"]) == "x:\n  - a\n"


AGENDA = """agenda:
  - id: why
    text: Why?   # the best one
    minutes: 3
  # then
  - id: how
    text: How?   # if there is time
    minutes: 5   # at most
  - id: who
    text: Who?
    minutes: 1
"""
WHY, HOW, WHO = (
    {"id": id, "text": f"{id.title()}?", "minutes": minutes} for id, minutes in (("why", 3), ("how", 5), ("who", 1))
)
WHERE = {"id": "where", "text": "Where?", "minutes": 5}


@pytest.mark.parametrize(
    ("agenda", "gone", "changed"),
    [
        ([HOW | {"minutes": 6}, WHO], "  - id: why\n    text: Why?   # the best one\n    minutes: 3\n", ("minutes: 5 ", "minutes: 6 ")),
        ([WHY, HOW, WHERE, WHO], "", ("at most\n", "at most\n  - id: where\n    text: Where?\n    minutes: 5\n")),
        ([WHY, HOW | {"text": "How so?"}, WHO | {"minutes": 2}], "", ("How?", "How so?")),
        ([WHY, HOW | {"id": "where"}, WHO], "  - id: how\n    text: How?   # if there is time\n    minutes: 5   # at most\n", ("  # then\n", "  - id: where\n    text: How?\n    minutes: 5\n  # then\n")),
        ([WHERE, HOW, WHO], "  - id: why\n    text: Why?   # the best one\n    minutes: 3\n", ("agenda:\n", "agenda:\n  - id: where\n    text: Where?\n    minutes: 5\n")),
    ],
)  # fmt: skip  # a table
def test_changed_mapping_keeps_its_remarks(agenda: list[dict[str, Any]], gone: str, changed: tuple[str, str]) -> None:
    """A question was taken out and the next one changed: it was written into the lines, and beside the remarks, of the other."""
    wanted = AGENDA.replace(gone, "").replace(*changed)
    if agenda[-1]["minutes"] == 2:
        wanted = wanted.replace("minutes: 1", "minutes: 2")
    assert saved_over(AGENDA, agenda=agenda) == wanted


words = st.lists(
    st.sampled_from(["a", "b", "c", 1, 1.0, True, None, {"a": 1, "b": 2}, {"a": 1, "b": 3}, ["a"], []]), max_size=8
)


@given(words, words, st.booleans())
def test_any_list_becomes_any_other(old: list[Any], new: list[Any], brackets: bool) -> None:
    """A list that was saved over another says something else; a line that did not change has lost its remark, or has another's."""
    if brackets:
        front = f"x: {json.dumps(old)} # 0\n"
    else:
        items = "".join(f"  - {json.dumps(item)} # {number}\n" for number, item in enumerate(old))
        front = f"x:\n{items}" if items else "x: []\n"
    after = saved_over(front, x=new)
    scalars = not any(isinstance(item, dict | list) for item in new)
    assert not brackets or "# 0" in after or not scalars
    if not brackets and new:
        for place, was in enumerate(aligned(old, new)):
            if was is not None and json.dumps(old[was]) == json.dumps(new[place]):
                assert f"  - {json.dumps(old[was])} # {was}" in after.split("\n")


@given(words, words)
def test_alignment_keeps_the_order(old: list[Any], new: list[Any]) -> None:
    """One old item became two, or two have changed places: lines would be written twice, or in another order."""
    places = [place for place in aligned(old, new) if place is not None]
    assert places == sorted(set(places))
    assert all(0 <= place < len(old) for place in places)
    assert aligned(old, old) == list(range(len(old)))


def test_long_lists_are_aligned_in_time() -> None:
    """Each save of a long list takes minutes."""
    rng = random.Random(1)
    shuffled = rng.sample(range(2_000), 2_000)
    for old, new in (
        ([0] * 100_000, [0] * 50_000 + [1]),
        ([0, 1] * 50_000, [1, 0] * 50_000),
        (list(range(2_000)), shuffled),
        (list(range(50_000)), list(range(1, 50_000))),
        ([{"a": n, "b": 1} for n in range(3_000)], [{"a": n, "b": 2} for n in range(3_001)]),
    ):
        began = time.process_time()
        assert len(aligned(old, new)) == len(new)
        assert time.process_time() - began < 5
