"""Marks that turn the direction of writing stay within the line they stand in."""

import re

import pytest
from hypothesis import given, strategies as st

from infoint.bidi import straightened

MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
texts = st.lists(st.sampled_from([*MARKS, "\u202b\u202c", "\u2067\u2069", "a", "ש", "\n"])).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ana Ruiz",
        "שלום, 12 (آنا)",
        "\u200fa\u200e \u061c",
        "\u202bשלום\u202c, Ana",
        "\u2067a\u202ab\u202c\u2069\n\u2068c\u2069",
    ],
)
def test_what_pairs_up_stays(text: str) -> None:
    """A text in Arabic or Hebrew would lose what its editor put there for good reason."""
    assert straightened(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ana \u202egpj.exe", "Ana gpj.exe"),
        ("Ana \u202egpj.exe\u202c", "Ana gpj.exe"),
        ("a\u202d", "a"),
        ("a\u202bb", "ab"),
        ("a\u2067b\u202c", "ab"),
        ("a\u2069b", "ab"),
        ("a\u202bb\u2067c\u202cd\u2069e", "abcde"),
        ("a\u2067b\nc\u2069d", "ab\ncd"),
        ("a\u2067b\n\u2067c\u2069d\n\u202ce", "ab\n\u2067c\u2069d\ne"),
    ],
)
def test_what_does_not_pair_up_goes(text: str, left: str) -> None:
    """A name would turn round the date behind it, or show a file as what it is not; or other lines would lose their marks."""
    assert straightened(text) == left


@given(texts)
def test_only_marks_go_and_none_reaches_out(text: str) -> None:
    """A letter would be lost, or some mark turn what stands behind the line."""
    done = straightened(text)
    assert re.sub(f"[{MARKS}]", "", done) == re.sub(f"[{MARKS}]", "", text)
    assert straightened(done) == done
    for line in done.split("\n"):
        depth = 0
        for mark in line:
            depth += (mark in "\u202a\u202b\u2066\u2067\u2068") - (mark in "\u202c\u2069")
            assert depth >= 0
        assert depth == 0
        assert not {"\u202d", "\u202e"} & set(line)
