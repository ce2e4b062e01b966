"""What a language's wording gives away: rules as data (`data/review.<language>.toml`), and how a text is held against them. What a
finding is, and everything that is no matter of words, is `review`'s.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import Any, Final

from attrs import frozen

from infoint.errors import ImportRejected, InvalidValue
from infoint.model.fields import LINE_LIMIT
from infoint.practice.question_bank import primary_language
from infoint.practice.toml_tables import known_keys

CLOSED_QUESTION: Final = "closed-question"
LEADING: Final = "leading"
DOUBLE_BARRELLED: Final = "double-barrelled"
JOB_ASK: Final = "job-ask"

LONGEST: Final = 400
"""Characters of a sentence that are looked at together; what is longer falls into pieces, so that no text can hold up the rules."""
LONGEST_TOGETHER: Final = LINE_LIMIT
"""The same for several sentences: all that a Question can hold."""

_SENTENCE_END: Final = re.compile(r"(?<=[.?!…])[\"')\]]*\s+|\n+")
_TYPOGRAPHY: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " ", "？": "?"})
_QUESTION_END: Final = re.compile(r"[\s\"')\]]*\?[\s?!.\"')\]]*$")


@frozen
class Remark:
    """One rule that a text breaks."""

    rule: str
    """Its name in the file, which is a FindingCode's."""
    text: str
    """The sentence, as it was written but for quotes and spaces."""
    suggestion: str


@frozen(kw_only=True)
class _Rewording:
    pattern: re.Pattern[str]
    question: str


@frozen(kw_only=True)
class _Search:
    patterns: tuple[re.Pattern[str], ...]
    suggestion: str

    def finds(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self.patterns)


@frozen(kw_only=True)
class WordRules:
    """One language's rules, ready to be used."""

    lead_ins: tuple[re.Pattern[str], ...]
    closed: tuple[tuple[re.Pattern[str], bool], ...]
    """The first that matches says whether a question is closed."""
    rewordings: tuple[_Rewording, ...]
    opened: str
    closed_suggestion: str
    leading: _Search
    double_barrelled: _Search
    job_ask: _Search
    harmless: tuple[re.Pattern[str], ...]
    """What is left out before job-asks are looked for."""

    def on_question(self, text: str) -> Iterator[Remark]:
        """Closed, leading, double-barrelled: each once at most. In a chain of questions the last decides whether it is closed: one
        that opens it again is a follow-up.
        """
        sentences = _sentences(text)
        asked = [sentence for sentence in sentences if sentence.endswith("?")] or sentences
        if asked and self._is_closed(asked[-1]):
            yield Remark(CLOSED_QUESTION, asked[-1], self._opened(asked[-1]))
        for sentence in sentences:
            if self.leading.finds(self._without_lead_in(sentence)) or self.leading.finds(sentence):
                yield Remark(LEADING, sentence, self.leading.suggestion)
                break
        for together in _pieces(" ".join(sentences), LONGEST_TOGETHER):
            if self.double_barrelled.finds(together):
                yield Remark(DOUBLE_BARRELLED, together, self.double_barrelled.suggestion)
                break

    def on_job_asks(self, text: str) -> Iterator[Remark]:
        """Every sentence that asks for a job, or for a hand in getting one. Saying that one does not ask is no asking."""
        for sentence in _sentences(text):
            said = sentence
            for harmless in self.harmless:
                said = harmless.sub(" … ", said)
            if self.job_ask.finds(said):
                yield Remark(JOB_ASK, sentence, self.job_ask.suggestion)

    def _is_closed(self, sentence: str) -> bool:
        bare = self._without_lead_in(sentence)
        return next((closed for pattern, closed in self.closed if pattern.match(bare)), False)

    def _opened(self, sentence: str) -> str:
        bare = self._without_lead_in(sentence)
        lead_in = sentence.removesuffix(bare)
        asked = bare[:1].lower() + bare[1:].rstrip("?. ")
        for rewording in self.rewordings:
            if found := rewording.pattern.fullmatch(asked):
                question = found.expand(rewording.question)
                first = question[:1].lower() if any(map(str.isalpha, lead_in)) else question[:1].upper()
                return self.opened.format(question=f"{lead_in}{first}{question[1:]}")
        return self.closed_suggestion

    def _without_lead_in(self, sentence: str) -> str:
        for lead_in in self.lead_ins * 2:  # "And, honestly, when you began, …": a few in any order
            if found := lead_in.match(sentence):
                sentence = sentence[found.end() :]
        return sentence


def _sentences(text: str) -> list[str]:
    parts = (" ".join(part.split()).strip("\"'()[] ") for part in _SENTENCE_END.split(text.translate(_TYPOGRAPHY)))
    return [_QUESTION_END.sub("?", piece) for part in parts for piece in _pieces(part, LONGEST)]


def _pieces(text: str, longest: int) -> list[str]:
    return wrap(text, longest, break_on_hyphens=False)


# ── from data ────────────────────────────────────────────────────────────────────────────────────
@cache
def word_rules(language: str) -> WordRules | None:
    """The shipped rules for a language (a BCP 47 tag; its primary part decides), read once; None where there are none."""
    source = f"review.{primary_language(language)}.toml"
    place = files("infoint.practice").joinpath("data", source)
    return read_word_rules(place.read_text(encoding="utf-8"), source) if place.is_file() else None


def read_word_rules(text: str, source: str) -> WordRules:
    """Rules from TOML laid out as the shipped `review.en.toml`; `source` is what errors call it. A rule that a language leaves out
    finds nothing in it.

    Raises ImportRejected for what is no TOML, else InvalidValue naming the source, the rule and the key.
    """
    try:
        return _Reader(source, tomllib.loads(text)).rules()
    except tomllib.TOMLDecodeError as error:
        raise ImportRejected("TOML", f"{source}: {error}") from None


_FINDS_NOTHING: Final[Mapping[str, Any]] = {
    "lead_ins": [],
    "rules": [],
    "rewordings": [],
    "opened": "",
    "patterns": [],
    "harmless": [],
    "suggestion": "",
}


class _Reader:
    def __init__(self, source: str, table: Mapping[str, Any]) -> None:
        self._source, self._table = source, table
        words = self._get("", "words", dict, table)
        self._words = {name: f"(?:{'|'.join(map(re.escape, self._texts('words', name, words)))})" for name in words}

    def rules(self) -> WordRules:
        known_keys(self._table, ("words", CLOSED_QUESTION, LEADING, DOUBLE_BARRELLED, JOB_ASK), self._source)
        closed, job_ask = self._rule(CLOSED_QUESTION), self._rule(JOB_ASK)
        return WordRules(
            lead_ins=self._patterns(CLOSED_QUESTION, "lead_ins", closed),
            closed=tuple(
                (self._pattern(where, "pattern", row), self._get(where, "closed", bool, row))
                for where, row in self._rows("rules", closed)
            ),
            rewordings=tuple(self._rewording(where, row) for where, row in self._rows("rewordings", closed)),
            opened=self._get(CLOSED_QUESTION, "opened", str, closed),
            closed_suggestion=self._get(CLOSED_QUESTION, "suggestion", str, closed),
            leading=self._search(LEADING),
            double_barrelled=self._search(DOUBLE_BARRELLED),
            job_ask=self._search(JOB_ASK),
            harmless=self._patterns(JOB_ASK, "harmless", job_ask),
        )

    def _rule(self, rule: str) -> Mapping[str, Any]:
        row: Mapping[str, Any] = self._get("", rule, dict, self._table) if rule in self._table else _FINDS_NOTHING
        return row

    def _search(self, rule: str) -> _Search:
        row = self._rule(rule)
        return _Search(patterns=self._patterns(rule, "patterns", row), suggestion=self._get(rule, "suggestion", str, row))

    def _rows(self, key: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for number, each in enumerate(self._get(CLOSED_QUESTION, key, list, row), 1):
            yield f"{CLOSED_QUESTION}.{key}, number {number}", each

    def _rewording(self, where: str, row: Mapping[str, Any]) -> _Rewording:
        rewording = _Rewording(pattern=self._pattern(where, "pattern", row), question=self._get(where, "question", str, row))
        groups = [int(number) for number in re.findall(r"\\(\d)", rewording.question)]
        if max(groups, default=0) > rewording.pattern.groups:
            raise self._wrong(where, "question", "names a group that the pattern does not have")
        return rewording

    def _patterns(self, where: str, key: str, row: Mapping[str, Any]) -> tuple[re.Pattern[str], ...]:
        return tuple(self._compiled(where, key, pattern) for pattern in self._texts(where, key, row))

    def _pattern(self, where: str, key: str, row: Mapping[str, Any]) -> re.Pattern[str]:
        return self._compiled(where, key, self._get(where, key, str, row))

    def _compiled(self, where: str, key: str, pattern: str) -> re.Pattern[str]:
        try:
            return re.compile(re.sub(r"\{([a-z_]+)\}", lambda found: self._words[found[1]], pattern), re.IGNORECASE)
        except KeyError as error:
            raise self._wrong(where, key, f"uses {{{error.args[0]}}}, which is not among the [words]") from None
        except re.error as error:
            raise self._wrong(where, key, f"{pattern!r} is no regular expression: {error}") from None

    def _texts(self, where: str, key: str, row: Mapping[str, Any]) -> list[str]:
        texts: list[Any] = self._get(where, key, list, row)
        if not all(isinstance(text, str) for text in texts):
            raise self._wrong(where, key, "needs a list of texts")
        return texts

    def _get(self, where: str, key: str, kind: type[Any], row: Any) -> Any:
        value = row.get(key) if isinstance(row, Mapping) else None
        if not isinstance(value, kind):
            raise self._wrong(where, key, f"needs {kind.__name__}, got {type(value).__name__}")
        return value

    def _wrong(self, where: str, key: str, problem: str) -> InvalidValue:
        return InvalidValue(f"{self._source}{where and ', '}{where}", key, problem)
