"""What people read where data has a name: every name of ours in every language shipped, and others' names as their own words."""

import inspect
import pkgutil
from collections.abc import Iterator
from enum import Enum, StrEnum
from importlib import import_module

import pytest

from infoint import FollowUpKind, model, practice
from infoint.closed_name import ClosedName
from infoint.errors import ImportRejected, InvalidValue
from infoint.model import ContactRole, InterviewStatus, OpenName, Peaks, Topic, Valence
from infoint.practice import FindingCode, Labels, WarningCode, label, read_labels
from infoint.practice.languages import lookup, read_shipped, shipped

NOT_SHOWN = {"Anchor", "Per", "Gain"}
"""What rules and rankings are made of; nobody reads it."""


def kinds() -> Iterator[type[OpenName | Enum]]:
    """Every class of names there is in the model and the practice."""
    for room in (model, practice):
        for found in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            for _, kind in inspect.getmembers(import_module(found.name), inspect.isclass):
                ours = kind.__module__ == found.name and issubclass(kind, OpenName | Enum) and kind.__name__[0] != "_"
                if ours and kind not in {OpenName, ClosedName} and kind.__name__ not in NOT_SHOWN:
                    yield kind


KINDS = {kind.__name__: kind for kind in kinds()}


def names_of(kind: type[OpenName | Enum]) -> set[str]:
    if issubclass(kind, OpenName):
        return set(map(str, kind.known))
    return {str(one.value) if isinstance(one.value, str) else str(one.name).lower() for one in kind}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_name_has_a_label_and_every_label_a_name(language: str, kind: str) -> None:
    """A slug or an English word would stand among Spanish ones; or a label would wait for a name that is gone or misspelt."""
    labels = read_labels(read_shipped(f"labels.{language}.toml"), language)
    assert set(labels.kinds.get(kind, {})) == names_of(KINDS[kind])


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_table_of_labels_is_for_a_kind(language: str) -> None:
    """Labels under a misspelt kind would never be found."""
    labels = read_labels(read_shipped(f"labels.{language}.toml"), language)
    assert labels.language == language
    assert set(labels.kinds) == set(KINDS)


@pytest.mark.parametrize("language", sorted(shipped("labels")))
def test_labels_of_a_kind_tell_its_names_apart(language: str) -> None:
    """Somebody who chooses from a list would find one entry twice; each begins as an entry does."""
    for kind, named in read_labels(read_shipped(f"labels.{language}.toml"), language).kinds.items():
        assert len(set(named.values())) == len(named), kind
        assert [text for text in named.values() if text != text.strip() or text[0].islower() or text.endswith(".")] == [], kind


def test_languages_have_all_their_files() -> None:
    """Somebody would read labels in a language and be asked questions in another, or not be reviewed."""
    assert list(shipped("labels")) == list(shipped("questions")) == list(shipped("review")) == ["en", "es"]


def test_spanish_labels_are_not_the_english_ones() -> None:
    """A line that nobody translated would pass for one that is."""
    english, spanish = (read_labels(read_shipped(f"labels.{tag}.toml"), tag).kinds for tag in ("en", "es"))
    same = [(kind, key) for kind, named in english.items() for key, text in named.items() if spanish[kind][key] == text]
    assert same == []


@pytest.mark.parametrize(
    ("name", "language", "shown"),
    [
        (FollowUpKind.THANK_YOU, "en", "Thank you"),
        (FollowUpKind.THANK_YOU, "es", "Agradecer"),
        (FollowUpKind.THANK_YOU, "es-MX", "Agradecer"),
        (FollowUpKind.THANK_YOU, "ES-mx", "Agradecer"),
        (FollowUpKind.THANK_YOU, "en-GB", "Thank you"),
        (FollowUpKind.THANK_YOU, "tlh", "Thank you"),
        (FollowUpKind.THANK_YOU, "../../es", "Thank you"),
        (InterviewStatus.NO_SHOW, "es", "No se presentaron"),
        (Topic.RESUME, "en", "Résumé"),
        (Valence.NEGATIVE, "es", "En contra"),
        (FindingCode.JOB_ASK, "es", "Petición de empleo"),
        (WarningCode.FEW_PEOPLE, "es", "Pocas personas"),
        (Peaks.SKILLS, "es", "Habilidades"),
        (Peaks.SKILLS | Peaks.EXPERIENCE, "es", "Experiencia, Habilidades"),
        (Peaks(0), "es", ""),
    ],
)
def test_a_label_by_language(name: OpenName | Enum, language: str, shown: str) -> None:
    """A reader in Mexico would get English, or one in a language we lack nothing at all."""
    assert label(name, language) == shown


def test_english_is_what_comes_without_a_language() -> None:
    """An app of one language would have to name it everywhere."""
    assert label(ContactRole.RECRUITER) == label(ContactRole.RECRUITER, "en") == "Personnel staff or recruiter"


def test_names_of_others_are_their_own_words() -> None:
    """A plugin's kind, or one of a newer infoint, would be shown as a slug or raise."""

    class Mood(StrEnum):
        FAIRLY_GOOD = "fairly-good"

    class Level(Enum):
        VERY_HIGH = 3

    assert label(FollowUpKind("linkedin:follow-page"), "es") == "Follow page"
    assert label(FollowUpKind.stored("of-a-newer-infoint"), "es") == "Of a newer infoint"
    assert label(Mood.FAIRLY_GOOD, "es") == "Fairly good"
    assert label(Level.VERY_HIGH) == "Very high"


def test_where_a_tag_is_looked_up() -> None:
    """A region or a script would hide the language it belongs to."""
    assert list(lookup("es-MX")) == ["es-mx", "es", "en"]
    assert list(lookup("en-GB")) == ["en-gb", "en"]
    assert list(lookup("zh-Hant-TW")) == ["zh-hant-tw", "zh-hant", "zh", "en"]
    assert list(lookup("de-x-our")) == ["de-x-our", "de", "en"]


# ── from TOML ────────────────────────────────────────────────────────────────────────────────────
FRENCH = """
language = "fr"
[FollowUpKind]
thank-you = "Remercier"
"acme:send-cake" = "Envoyer un gâteau"
"""


def test_labels_of_another_language() -> None:
    """A language could only be added by changing our files."""
    labels = read_labels(FRENCH, "labels.fr.toml")
    assert labels.language == "fr"
    assert labels.of(FollowUpKind.THANK_YOU) == "Remercier"
    assert labels.of(FollowUpKind("acme:send-cake")) == "Envoyer un gâteau"
    assert labels.of(FollowUpKind.NUDGE) is None
    assert labels.of(Peaks.SKILLS) is None


def test_labels_do_not_change() -> None:
    """Whoever looks a label up could change it for all."""
    labels = Labels(language="fr", kinds={"Peaks": {"skills": "Compétences"}})
    assert labels == Labels(language="fr", kinds={"Peaks": {"skills": "Compétences"}})
    with pytest.raises(TypeError):
        labels.kinds["Peaks"]["skills"] = "x"  # type: ignore[index]  # the mistake under test


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('language = "fr"', "", r"^labels\.fr\.toml\.language: is needed"),
        ('language = "fr"', "language = 5", r"^labels\.fr\.toml\.language: is needed"),
        ('"Remercier"', "5", r"^labels\.fr\.toml, FollowUpKind\.thank-you: needs a text"),
        ('"Remercier"', '" "', r"^labels\.fr\.toml, FollowUpKind\.thank-you: needs a text"),
        ("[FollowUpKind]", "[[FollowUpKind]]", r"^labels\.fr\.toml\.FollowUpKind: needs a \[FollowUpKind\] table"),
    ],
)
def test_a_mistake_in_labels_is_named(old: str, new: str, told: str) -> None:
    """A translator would be told that something is wrong, but not where."""
    assert old in FRENCH
    with pytest.raises(InvalidValue, match=told):
        read_labels(FRENCH.replace(old, new), "labels.fr.toml")


def test_labels_that_are_no_toml() -> None:
    """A native error of the parser would escape."""
    with pytest.raises(ImportRejected, match=r"labels\.fr\.toml"):
        read_labels("[[", "labels.fr.toml")
