"""The questions there are, by id, set, category and topic, read from TOML. Which of them to ask somebody now is `agenda`'s."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache, cached_property, reduce
from operator import or_
from typing import Any, Final, TypeVar

from attrs import evolve, field, fields_dict, frozen

from infoint.errors import InvalidValue, NameClash, NotFound
from infoint.model import fields
from infoint.model.contact import ContactRole, Seniority
from infoint.model.obstacle import Obstacle
from infoint.model.peaks import Peaks
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Tone, Topic
from infoint.practice.arguments import demand, named
from infoint.practice.languages import OURS, primary_language, read_shipped, shipped
from infoint.practice.obstacles import answers
from infoint.practice.question_wordings import QuestionWordings, wordings_from
from infoint.practice.toml_tables import known_keys, parsed, tables

V = TypeVar("V")

NO_LETTER: Final = Peaks(0)


# ── the bank ─────────────────────────────────────────────────────────────────────────────────────
@frozen
class QuestionBank:
    """The union of its sets. Iterating gives each question once, in the order of first appearance.

    Raises NameClash where two sets share a name, or hold one id with different content; its `owners` are the names of the two sets.
    """

    sets: tuple[QuestionSet, ...] = field(validator=fields.tuple_of(QuestionSet))

    def __attrs_post_init__(self) -> None:
        names: set[str] = set()
        first: dict[str, tuple[Question, str]] = {}
        for one in self.sets:
            if one.name in names:
                raise NameClash(one.name, (one.name, one.name))
            names.add(one.name)
            for question in one.questions:
                held, holder = first.setdefault(question.id, (question, one.name))
                if held != question:
                    raise NameClash(question.id, (holder, one.name))

    @cached_property
    def _question_by_id(self) -> Mapping[str, Question]:
        return {question.id: question for one in self.sets for question in one.questions}

    @cached_property
    def _set_by_name(self) -> Mapping[str, QuestionSet]:
        return {one.name: one for one in self.sets}

    @cached_property
    def _by_language(self) -> Mapping[str, tuple[Question, ...]]:
        tongues = {primary_language(question.language) for question in self}
        return {tongue: tuple(one for one in self if primary_language(one.language) == tongue) for tongue in tongues}

    def __iter__(self) -> Iterator[Question]:
        return iter(self._question_by_id.values())

    def __len__(self) -> int:
        return len(self._question_by_id)

    def question(self, id: str) -> Question:
        """The question of this id. Raises NotFound, with the nearest ids."""
        return _found(self._question_by_id, "question", id)

    def set(self, name: str) -> QuestionSet:
        """The set of this name. Raises NotFound, with the nearest names."""
        return _found(self._set_by_name, "question set", name)

    def spoken(self, language: str) -> tuple[Question, ...]:
        """Questions in this language (a BCP 47 tag; "en" finds "en-GB" and the other way round); ours in the words infoint ships."""
        return self.in_language(language)._by_language.get(primary_language(language), ())  # noqa: SLF001  # a bank's own part

    def find(
        self,
        *,
        category: QuestionCategory | None = None,
        topic: Topic | None = None,
        domain: Domain | None = None,
        tone: Tone | None = None,
        role: ContactRole | None = None,
        seniority: Seniority | None = None,
        peaks: Peaks = NO_LETTER,
        obstacle: Obstacle | None = None,
        longest: int | None = None,
        text: str = "",
        language: str = "en",
    ) -> tuple[Question, ...]:
        """Questions to which all of this applies, in the bank's order.

        `role`, `seniority`: fit to be put to such a person, so those meant for anybody too. `peaks`: asks for one of these letters
        at least. `obstacle`: helps against it, by its tag or its category. `longest`: minutes the answer may take. `text`: every
        word of it occurs in the question, its probes, topic or category, whatever the case. `language`: as for `spoken`. Raises InvalidValue for a
        slip in a name, and for what is no text or number.
        """
        demand("find", "text", text, str)
        demand("find", "peaks", peaks, Peaks)
        demand("find", "longest", longest, int, type(None))
        category, topic, domain, tone = (
            named(QuestionCategory, category),
            named(Topic, topic),
            named(Domain, domain),
            named(Tone, tone),
        )
        role, seniority, obstacle = named(ContactRole, role), named(Seniority, seniority), named(Obstacle, obstacle)
        words = text.casefold().split()
        return tuple(
            question
            for question in self.spoken(language)
            if category in (None, question.category)
            and topic in (None, question.topic)
            and domain in (None, question.domain)
            and tone in (None, question.tone)
            and (role is None or not question.roles or role in question.roles)
            and (seniority is None or not question.seniorities or seniority in question.seniorities)
            and (not peaks or question.peaks & peaks)
            and (obstacle is None or answers(question, obstacle))
            and (longest is None or question.minutes <= longest)
            and _says(question, words)
        )

    def including(self, *sets: QuestionSet) -> "QuestionBank":
        """A bank with these sets behind its own. Raises NameClash."""
        return evolve(self, sets=(*self.sets, *sets))

    # ── in other words ───────────────────────────────────────────────────────────────────────────
    def worded(self, wordings: QuestionWordings) -> "QuestionBank":
        """The same questions, with text and probes in the words of a language. What is in that language already, and what there are
        no words for, stays as it is; a set's title changes with its questions.
        """
        demand("worded", "wordings", wordings, QuestionWordings)
        target = primary_language(wordings.language)
        changed = {
            question.id: evolve(question, text=words.text, probes=words.probes, language=wordings.language)
            for question in self
            if primary_language(question.language) != target and (words := wordings.questions.get(question.id))
        }
        return evolve(self, sets=tuple(_reworded(one, changed, wordings) for one in self.sets)) if changed else self

    def in_language(self, language: str) -> "QuestionBank":
        """The bank for who speaks a language (a BCP 47 tag; its primary part decides): questions of ours in the words infoint ships
        for it, all others as they are. A language infoint does not ship changes nothing. Made once per bank and language.
        """
        wanted = primary_language(language)
        if wanted not in shipped(_QUESTIONS):
            return self
        if wanted not in self._made:
            self._made[wanted] = self.worded(_wordings(wanted))
        return self._made[wanted]

    @cached_property
    def _made(self) -> dict[str, "QuestionBank"]:
        return {}


def _reworded(one: QuestionSet, changed: Mapping[str, Question], wordings: QuestionWordings) -> QuestionSet:
    questions = tuple(changed.get(question.id, question) for question in one.questions)
    if questions == one.questions:
        return one
    return evolve(one, title=wordings.titles.get(one.name, one.title), questions=questions)


def _says(question: Question, words: list[str]) -> bool:
    if not words:
        return True
    said = " ".join((question.text, *question.probes, question.topic.label, question.category.label)).casefold()
    return all(word in said for word in words)


def _found(held: Mapping[str, V], kind: str, name: str) -> V:
    demand("QuestionBank", kind, name, str)
    try:
        return held[name]
    except KeyError:
        raise NotFound(kind, name, remedy=_nearest(name, held)) from None


def _nearest(name: str, held: Mapping[str, object]) -> str:
    nearest = get_close_matches(name, held, 3)
    return f"did you mean {' or '.join(map(repr, nearest))}?" if nearest else ""


# ── from TOML ────────────────────────────────────────────────────────────────────────────────────
_QUESTIONS: Final = "questions"


def load_question_sets(language: str = "en") -> tuple[QuestionSet, ...]:
    """The shipped sets in a language (a BCP 47 tag; its primary part decides), read once. Raises NotFound, and InvalidValue for what
    is no text.
    """
    return _shipped_sets(primary_language(language))


@cache
def _shipped_sets(language: str) -> tuple[QuestionSet, ...]:
    if language != OURS:
        return QuestionBank(load_question_sets()).worded(_wordings(language)).sets
    source, table = _shipped(OURS)
    return _sets({key: value for key, value in table.items() if key != "topics"}, source, ours=None)


def topic_phrases(language: str = "en") -> Mapping[str, str]:
    """How a sentence speaks of a topic ("a typical day"), by its slug; topics of plugins are not in it. Raises NotFound."""
    return _wordings(primary_language(language)).topics


def read_question_sets(text: str, source: str) -> tuple[QuestionSet, ...]:
    """Question sets from an app's or plugin's own TOML; `source` is what errors call it.

    The file holds a `language` (a BCP 47 tag, "en" if left out), `[[question]]` tables with the fields of Question, and `[[set]]`
    tables with `name`, `title` and the ids of its `questions`; without ids, all of the file's. `peaks` is a list: ["knowledge"].

    Ids and set names carry an owner ("acme:shifts.nights"), unless they are infoint's own: a file may translate or reword what
    infoint ships, to be used in its place. A set may name questions infoint ships.

    Raises ImportRejected for what is no TOML, else InvalidValue naming the source, the question or set, and the key.
    """
    return _sets(parsed(text, source), source, ours=QuestionBank(load_question_sets()))


def read_question_wordings(text: str, source: str) -> QuestionWordings:
    """The words of a bank in another language, from TOML; `source` is what errors call it.

    The file holds a `language` (a BCP 47 tag), `[[question]]` tables with `id`, `text` and `probes`, `[[set]]` tables with `name` and
    `title`, and `[topics]`, how a sentence speaks of each. It need not be complete; ids and names that are not infoint's own carry
    an owner.

    Raises ImportRejected for what is no TOML, else InvalidValue naming the source, the question or set, and the key.
    """
    return _words_for_ours(wordings_from(parsed(text, source), source), source)


@cache
def _wordings(language: str) -> QuestionWordings:
    source, table = _shipped(language)
    if language != OURS:
        return _words_for_ours(wordings_from(table, source), source)
    questions = [{"id": row["id"], "text": row["text"], "probes": row["probes"]} for row in table["question"]]
    titles = [{"name": row["name"], "title": row["title"]} for row in table["set"]]
    return wordings_from({**table, "question": questions, "set": titles}, source)


def _words_for_ours(wordings: QuestionWordings, source: str) -> QuestionWordings:
    ours = QuestionBank(load_question_sets())
    _owned(source, "question", "id", wordings.questions, {question.id for question in ours})
    _owned(source, "set", "name", wordings.titles, {one.name for one in ours.sets})
    return wordings


@cache
def _shipped(language: str) -> tuple[str, dict[str, Any]]:
    if (source := shipped(_QUESTIONS).get(language)) is None:
        there_are = ", ".join(map(repr, shipped(_QUESTIONS)))
        raise NotFound(
            "question bank in", repr(language), remedy=f"infoint ships {there_are}; read your own with read_question_sets"
        )
    return source, parsed(read_shipped(source), source)


def _sets(table: dict[str, Any], source: str, *, ours: QuestionBank | None) -> tuple[QuestionSet, ...]:
    known_keys(table, {"language", "question", "set"}, source)
    questions: dict[str, Question] = {}
    for row in tables(table, "question", source):
        question = _question({"language": table.get("language", "en"), **row}, source)
        if question.id in questions:
            raise InvalidValue(_where(source, "question", row), "id", "is there twice")
        questions[question.id] = question
    sets = tuple(_set(row, questions, source, ours) for row in tables(table, "set", source))
    if ours is not None:
        _owned(source, "question", "id", questions, {question.id for question in ours})
        _owned(source, "set", "name", [one.name for one in sets], {one.name for one in ours.sets})
    reached = {question.id for one in sets for question in one.questions}
    for id in questions:
        if id not in reached:
            raise InvalidValue(_where(source, "question", {"id": id}), "id", "is in no [[set]], so no bank would hold it")
    return sets


def _where(source: str, kind: str, row: Mapping[str, Any]) -> str:
    return f"{source}, {kind} {row.get('id' if kind == 'question' else 'name', 'without a name')!r}"


def _owned(source: str, kind: str, key: str, names: Iterable[str], ours: Collection[str]) -> None:
    for name in names:
        if ":" not in name and name not in ours:
            where = _where(source, kind, {key: name})
            raise InvalidValue(where, key, f'is none of infoint\'s, so it needs an owner, as "acme:{name}"')


def _listed(kind: Callable[[Any], V]) -> Callable[[Any], tuple[V, ...]]:
    def convert(value: Any) -> tuple[V, ...]:
        if not isinstance(value, list):  # a bare text would fall apart into letters
            raise InvalidValue("list", "value", "needs a list")
        return tuple(map(kind, value))

    return convert


def _letter(name: Any) -> Peaks:
    if (letter := Peaks.__members__.get(str(name).upper())) is None:
        raise InvalidValue("Peaks", "value", f"{name!r} is none of {', '.join(Peaks.__members__).lower()}")
    return letter


_CONVERT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "category": QuestionCategory,
    "topic": Topic,
    "domain": Domain,
    "tone": Tone,
    "probes": _listed(lambda probe: probe),
    "roles": lambda names: frozenset(_listed(ContactRole)(names)),
    "seniorities": lambda names: frozenset(_listed(Seniority)(names)),
    "peaks": lambda names: reduce(or_, _listed(_letter)(names), Peaks(0)),
    "obstacle": Obstacle,
}
_NEEDED: Final = ("id", "text", "category", "topic", "domain")


def _question(row: dict[str, Any], source: str) -> Question:
    where = _where(source, "question", row)
    known_keys(row, fields_dict(Question).keys() - {"extra"}, where)
    for key in _NEEDED:
        if key not in row:
            raise InvalidValue(where, key, "is missing")
    given: dict[str, Any] = {}
    for key, value in row.items():
        try:
            given[key] = _CONVERT[key](value) if key in _CONVERT else value
        except InvalidValue as error:
            raise InvalidValue(where, key, error.problem, value=value) from None
    try:
        return Question(**given)
    except InvalidValue as error:
        raise InvalidValue(where, error.field, error.problem, value=error.value) from None


def _set(row: dict[str, Any], questions: Mapping[str, Question], source: str, ours: QuestionBank | None) -> QuestionSet:
    where = _where(source, "set", row)
    known_keys(row, {"name", "title", "questions"}, where)
    ids = row.get("questions", list(questions))
    if not isinstance(ids, list) or not all(isinstance(id, str) for id in ids):
        raise InvalidValue(where, "questions", "needs a list of ids")
    try:
        return QuestionSet(
            name=row.get("name", ""),
            title=row.get("title", ""),
            questions=tuple(questions[id] if id in questions or ours is None else ours.question(id) for id in ids),
        )
    except InvalidValue as error:
        raise InvalidValue(where, error.field, error.problem, value=error.value) from None
    except (NotFound, KeyError) as error:
        raise InvalidValue(where, "questions", f"names a question that is not there: {error}") from None
