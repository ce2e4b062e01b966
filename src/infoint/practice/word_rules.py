"""What a language's wording gives away: rules as data (`data/review.<language>.toml`), and how a text is held against them. What a
finding is, and everything that is no matter of words, is `review`'s.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from textwrap import wrap
from typing import Any, Final

from attrs import frozen

from infoint.errors import InvalidValue
from infoint.model.fields import LINE_LIMIT
from infoint.practice.languages import primary_language, read_shipped, shipped
from infoint.practice.toml_tables import parsed

CLOSED_QUESTION: Final = "closed-question"
LEADING: Final = "leading"
DOUBLE_BARRELLED: Final = "double-barrelled"
SEARCHABLE_FACT: Final = "searchable-fact"
JOB_ASK: Final = "job-ask"
ABSENCES: Final = (
    "outreach-without-question",
    "outreach-without-connection",
    "no-resume-decision",
    "thank-you-without-takeaway",
)
"""What a letter breaks by not saying something."""

_TABLES: Final = ("words", CLOSED_QUESTION, LEADING, DOUBLE_BARRELLED, SEARCHABLE_FACT, JOB_ASK, *ABSENCES)

LONGEST: Final = 400
"""Characters of a sentence that are looked at together; what is longer falls into pieces, so that no text can hold up the rules."""
LONGEST_TOGETHER: Final = LINE_LIMIT
"""The same for several sentences: all that a Question can hold."""

OWN_WORDS: Final = 8
"""Words of a sentence that is long enough to say something of its own."""

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
    unless: tuple[re.Pattern[str], ...] = ()
    """What excuses a sentence."""

    def finds(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self.patterns) and not any(
            pattern.search(text) for pattern in self.unless
        )


@frozen(kw_only=True)
class _Absence:
    """What a letter should say somewhere."""

    signs: tuple[re.Pattern[str], ...]
    empty: tuple[re.Pattern[str], ...]
    """What is left out before signs are looked for: it only sounds like one."""
    suggestion: str
    suggestions: Mapping[str, str]
    """In place of the suggestion, where the app wants something in particular."""

    formulas: tuple[re.Pattern[str], ...]
    """Where there are any, a sentence of some length that holds none of them is one, too."""

    def is_there(self, text: str) -> bool:
        sentences = [_blanked(sentence, self.empty) for sentence in _sentences(text)]
        return any(sign.search(sentence) for sentence in sentences for sign in self.signs) or any(map(self._is_own, sentences))

    def _is_own(self, sentence: str) -> bool:
        long = len(sentence.split()) >= OWN_WORDS
        return long and bool(self.formulas) and not any(formula.search(sentence) for formula in self.formulas)


_NO_RULE: Final = _Search(patterns=(), suggestion="")


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
    searchable_fact: _Search
    job_ask: _Search
    harmless: tuple[re.Pattern[str], ...]
    """What is left out before job-asks are looked for."""
    absences: Mapping[str, _Absence]
    """By the name of the rule; not every language has them."""

    def on_question(self, text: str) -> Iterator[Remark]:
        """Closed, leading, double-barrelled, searchable: each once at most. In a chain of questions the last decides whether it is closed: one
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
        for sentence in sentences:
            if self.searchable_fact.finds(self._without_lead_in(sentence)):
                yield Remark(SEARCHABLE_FACT, sentence, self.searchable_fact.suggestion)
                break

    def on_job_asks(self, text: str) -> Iterator[Remark]:
        """Every sentence that asks for a job, or for a hand in getting one. Saying that one does not ask is no asking."""
        for sentence in _sentences(text):
            if self.job_ask.finds(_blanked(sentence, self.harmless)):
                yield Remark(JOB_ASK, sentence, self.job_ask.suggestion)

    def on_absence(self, rule: str, text: str, *, variant: str = "") -> Iterator[Remark]:
        """The rule, where a letter does not say what it asks for; a language without the rule has no remark."""
        absence = self.absences.get(rule)
        if absence is not None and not absence.is_there(text):
            yield Remark(rule, text, absence.suggestions.get(variant, absence.suggestion))

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


def _blanked(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    for pattern in patterns:
        text = pattern.sub(" … ", text)
    return text


def _pieces(text: str, longest: int) -> list[str]:
    return wrap(text, longest, break_on_hyphens=False)


# ── from data ────────────────────────────────────────────────────────────────────────────────────
def word_rules(language: str) -> WordRules | None:
    """The shipped rules for a language (a BCP 47 tag; its primary part decides), read once; None where there are none."""
    return _shipped_rules(primary_language(language))


@cache
def _shipped_rules(language: str) -> WordRules | None:
    source = shipped("review").get(language)
    return None if source is None else read_word_rules(read_shipped(source), source)


def read_word_rules(text: str, source: str) -> WordRules:
    """Rules from TOML laid out as the shipped `review.en.toml`; `source` is what errors call it. A rule that a language leaves out
    finds nothing in it.

    Raises ImportRejected for what is no TOML, else InvalidValue naming the source, the rule and the key.
    """
    return _Reader(source, parsed(text, source)).rules()


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
        closed, job_ask = self._rule(CLOSED_QUESTION), self._rule(JOB_ASK)
        rules = WordRules(
            lead_ins=self._patterns(CLOSED_QUESTION, "lead_ins", closed),
            closed=tuple(
                (self._pattern(where, "pattern", row), self._get(where, "closed", bool, row))
                for where, row in self._rows("rules", closed)
            ),
            rewordings=tuple(self._rewording(where, row) for where, row in self._rows("rewordings", closed)),
            opened=self._get(CLOSED_QUESTION, "opened", str, closed),
            closed_suggestion=self._get(CLOSED_QUESTION, "suggestion", str, closed),
            leading=self._search(LEADING, optional=True),
            double_barrelled=self._search(DOUBLE_BARRELLED, optional=True),
            searchable_fact=self._search(SEARCHABLE_FACT, optional=True),
            job_ask=self._search(JOB_ASK, optional=True),
            harmless=self._patterns(JOB_ASK, "harmless", job_ask),
            absences={rule: self._absence(rule) for rule in ABSENCES if rule in self._table},
        )
        for name in self._table:  # a rule of an optional name misspelt would say nothing, ever
            if name not in _TABLES:
                raise self._wrong("", name, f"is no table of rules; there are {', '.join(_TABLES)}")
        return rules

    def _search(self, rule: str, *, optional: bool = False) -> _Search:
        if optional and rule not in self._table:
            return _NO_RULE
        row = self._get("", rule, dict, self._table)
        return _Search(
            patterns=self._patterns(rule, "patterns", row),
            suggestion=self._get(rule, "suggestion", str, row),
            unless=self._patterns(rule, "unless", row) if "unless" in row else (),
        )

    def _absence(self, rule: str) -> _Absence:
        row = self._get("", rule, dict, self._table)
        suggestions = self._get(rule, "suggestions", dict, row) if "suggestions" in row else {}
        return _Absence(
            signs=self._patterns(rule, "signs", row),
            empty=self._patterns(rule, "empty", row) if "empty" in row else (),
            formulas=self._patterns(rule, "formulas", row) if "formulas" in row else (),
            suggestion=self._get(rule, "suggestion", str, row),
            suggestions={name: self._get(f"{rule}.suggestions", name, str, suggestions) for name in suggestions},
        )

    def _rule(self, rule: str) -> Mapping[str, Any]:
        row: Mapping[str, Any] = self._get("", rule, dict, self._table) if rule in self._table else _FINDS_NOTHING
        return row

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
