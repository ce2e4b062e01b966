"""What a text is found by is the same for every storage: these are the rules they share."""

import pytest
from hypothesis import given, strategies as st

from infoint.storage.words import LONGEST_WORD, MOST_ASKED, MOST_BYTES, asked_words, has_words, words_of

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Ruiz-García, ana@oak.example", ("ana", "ruiz", "garcia", "oak", "example")),
        ("Straße STRASSE", ("strasse",)),
        ("Zoë Ångström", ("zoe", "angstrom")),
        ("ﬁeld Ｆｉｅｌｄ", ("field",)),
        ("UX 調査の仕事", ("ux", "調", "査", "の", "仕", "事")),
        ("한국어 학교", ("한국어", "학교")),
        ("snake_case 10% a-b", ("snake", "case", "10", "a", "b")),
        ("Ιστορίας", ("ιστοριασ",)),
        ("…  !?\x00", ()),
        ("", ()),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    """Somebody is not found under the name they were looked for by."""
    assert words_of(text) == words


@given(texts)
def test_words_are_their_own(text: str) -> None:
    """A storage that keeps the words, joined, and reads them again finds others."""
    assert words_of(" ".join(words_of(text))) == words_of(text)


@given(texts, st.data())
def test_whoever_asks_for_beginnings_finds(text: str, data: st.DataObject) -> None:
    """A text is not found by the beginnings of its own words."""
    asked = tuple(word[: data.draw(st.integers(1, len(word)))] for word in words_of(text))
    assert has_words(text, asked)


def test_a_word_that_is_not_there_is_not_found() -> None:
    """One word that fits is enough, or the middle of a word."""
    assert has_words("research at Oak", ("oak", "res"))
    assert not has_words("research at Oak", ("oak", "pine"))
    assert not has_words("research at Oak", ("search",))


def test_long_things_are_cut() -> None:
    """A hostile text fills the index, or a long word is not found by itself."""
    assert words_of("x" * 1_000) == ("x" * LONGEST_WORD,) == asked_words("x" * 2_000)
    many = " ".join(f"w{number}" for number in range(100_000))
    assert sum(map(len, words_of(many))) <= MOST_BYTES
    assert len(asked_words(many)) == MOST_ASKED


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_read_as_all_the_rest(text: str) -> None:
    """The short way that texts of ASCII take gives other words than the long one."""
    assert words_of(f"{text} 工") == (*words_of(text), "工")
