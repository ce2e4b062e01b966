"""What documents say as data: complete in every language, only checked fields in braces, a base for what is left out."""

import os
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint import Campaign, Exploration, Interview, MeetingFormat, Purpose, Scope
from infoint.errors import ImportRejected, InvalidValue
from infoint.model import Direction, Outcome, Party, ReferralKind, ReferralOutcome, Valence
from infoint.model.identity import derive_id
from infoint.model.interview import UPCOMING
from infoint.notes import (
    Wordings,
    comparison,
    confirmation,
    debrief_record,
    dossier,
    due_list,
    employment_request,
    field_report,
    letter,
    outreach,
    prep_sheet,
    read_wordings,
    render,
    shipped_wordings,
    weekly_agenda,
    wording_fields,
)
from infoint.notes.wordings import shipped_file
from infoint.practice import ResumePolicy, WarningCode, default_policy, read_labels, topic_phrases
from infoint.practice.languages import read_shipped
from infoint.testing import sample_campaign

LANGUAGES: Final = ("en", "es")
PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "wordings.md"
ENGLISH: Final = shipped_wordings()
GREETING: Final = "letter.greeting"


def styled(text: str, key: str = GREETING) -> Wordings:
    return Wordings(name="en:test", texts={key: text}, base=ENGLISH)


# ── what is shipped ──────────────────────────────────────────────────────────────────────────────
def test_the_languages_shipped_are_these() -> None:
    """A language would be shipped that no test looks at, or that no file has a text of."""
    names = {place.name for place in files("infoint.notes").joinpath("data").iterdir()}
    assert names == {f"wordings.{language}.toml" for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", wording_fields())
def test_every_text_is_there_in_every_language(language: str, key: str) -> None:
    """An English line would stand in a Spanish letter, or a text leave out what it has to tell."""
    own = shipped_wordings(language).texts[key]
    fields = wording_fields()[key]
    told = {field for field in fields if f"{{{field}}}" in own}
    assert told == fields


def test_spanish_is_not_the_english() -> None:
    """A line nobody translated would pass for one that is."""
    spanish = shipped_wordings("es").texts
    same = {key for key, text in ENGLISH.texts.items() if spanish[key] == text}
    # What holds no word, but signs and fields.
    assert same == {
        "time.day",
        "time.moment",
        "time.clock.on",
        "time.clocks",
        "talk.because",
        "letter.title.other",
        "letter.about.field",
        "prep-sheet.meeting.at",
        "due-list.line",
        "due-list.line.organization",
        "comparison.talk",
        "debrief.insights.peaks",
        "outreach.came.giver.organization",
        "dossier.named.stage",
        "dossier.talk",
        "dossier.takeaway",
        "dossier.owed.line",
        "dossier.settled.line",
        "weekly-agenda.item.at",
        "weekly-agenda.item.organization",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_counts_comes_in_one_and_more(language: str) -> None:
    """One letter would say "1 days late", and another find no text at all."""
    keys = shipped_wordings(language).texts
    ones = {key.removesuffix(".one") for key in keys if key.endswith(".one")}
    assert {f"{key}.other" for key in ones} <= set(keys)


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (WarningCode.known, "comparison.warning.{}"),
        (Scope, "letter.about.{}"),
        (MeetingFormat, "letter.format.{}"),
        (MeetingFormat, "letter.confirm.no-place.{}"),
        (MeetingFormat, "prep-sheet.meeting.arrive.{}"),
        (Purpose, "letter.nudge.how.{}"),
        (Outcome, "letter.decision-news.{}"),
        (ReferralKind, "letter.contact-referral.{}"),
        (ReferralKind, "debrief.referral.{}"),
        (ReferralOutcome, "debrief.referral.{}"),
        (Party, "promise.{}"),
        (Valence, "debrief.insights.{}"),
        (range(-2, 3), "comparison.leaning.{}"),
        (ReferralKind, "outreach.came.{}"),
        (ResumePolicy, "outreach.advice.{}"),
        (ResumePolicy, "letter.contact-referral.advice.{}"),
        (Scope, "employment-request.looking.{}"),
        (Direction, "dossier.touch.{}"),
    ],
)
def test_every_name_that_is_told_has_a_text(names: Iterable[object], key: str) -> None:
    """A new name would stop the page it is on."""
    assert [name for name in names if key.format(name) not in wording_fields()] == []


@pytest.mark.parametrize(
    ("tag", "name"), [("en", "en"), ("es", "es"), ("es-MX", "es"), ("EN-gb", "en"), ("fr", "en"), ("../x", "en"), ("", "en")]
)
def test_the_nearest_language_is_found(tag: str, name: str) -> None:
    """A Mexican explorer would be written for in English, or a tag lead to another file."""
    assert shipped_wordings(tag).name == name
    assert shipped_wordings(tag).language == name


def test_a_language_is_a_text() -> None:
    """A slip would be told with a word about an attribute."""
    with pytest.raises(InvalidValue, match="BCP 47"):
        shipped_wordings(None)  # type: ignore[arg-type]  # the slip


# ── what a wording may hold ──────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "text",
    [
        "{names.__class__}",
        "{names[0]}",
        "{names!r}",
        "{names:>9}",
        "{names:}",
        "{ names }",
        "{0}",
        "{}",
        "{",
        "}",
        "{{}",
        "{names",
        "{na{names}mes}",
        "{Names}",
        "{names\n}",
    ],
)
def test_only_plain_names_stand_in_braces(text: str) -> None:
    """A text from somewhere could reach into objects, or stop a letter on the day it is due."""
    with pytest.raises(InvalidValue) as caught:
        styled(text)
    assert (caught.value.entity, caught.value.field) == ("wordings 'en:test'", GREETING)
    assert "only a plain name stands in braces; there are: {names}" in caught.value.problem


def test_a_field_has_to_be_one_of_its_key() -> None:
    """A letter would be stopped by a field that another letter has."""
    with pytest.raises(InvalidValue, match=r"letter\.greeting: has no field \{about\}; there are: \{names\}"):
        styled("Dear {about}")
    with pytest.raises(InvalidValue, match=r"letter\.confirm\.when: has no field \{day\}; there are: none"):
        styled("{day}", "letter.confirm.when")


@pytest.mark.parametrize("key", ["letter.greting", "greeting", "", 3, None])
def test_a_key_has_to_be_ours(key: Any) -> None:
    """A misspelt key would never be read, and the letter stay as it was."""
    with pytest.raises(InvalidValue, match="is no key of ours"):
        Wordings(name="en:test", texts={key: "Hello"}, base=ENGLISH)


@pytest.mark.parametrize("text", ["", "  \n", None, 3, ["a"]])
def test_a_text_is_a_text(text: Any) -> None:
    """A letter would have an empty line where something is to be said."""
    with pytest.raises(InvalidValue, match=r"letter\.greeting: needs a text"):
        styled(text)


@pytest.mark.parametrize("name", ["EN", "es_MX", "", "en:", ":formal", "en:Acme", "en:a:b", "e", "en\n", None])
def test_a_name_is_a_tag_or_a_style(name: Any) -> None:
    """A wording would be offered under a name that no language leads to."""
    with pytest.raises(InvalidValue, match="needs a language tag in small letters"):
        Wordings(name=name, texts={}, base=ENGLISH)


def test_texts_and_base_are_what_they_should_be() -> None:
    """A slip would fail deep inside, with a word about an attribute."""
    with pytest.raises(InvalidValue, match="needs texts by key, got list"):
        Wordings(name="en", texts=[], base=ENGLISH)
    with pytest.raises(InvalidValue, match="needs Wordings, got str"):
        Wordings(name="en", texts={}, base="en")  # type: ignore[arg-type]  # the slip


def test_without_a_base_every_key_is_needed() -> None:
    """A document would break off where the first text is missing."""
    with pytest.raises(InvalidValue, match=r"wordings 'fr'\.letter\.greeting: is missing"):
        Wordings(name="fr", texts={key: text for key, text in ENGLISH.texts.items() if key != GREETING})
    assert Wordings(name="fr", texts=ENGLISH.texts).say(GREETING, names="Ana") == "Dear Ana,"


# ── saying ───────────────────────────────────────────────────────────────────────────────────────
def test_what_is_left_out_is_said_as_the_base_says_it() -> None:
    """A style of one line would need a whole language."""
    mine = styled("Hello {names}")
    wilder = Wordings(name="en:wilder", texts={"letter.closing": "{me}"}, base=mine)
    assert wilder.say(GREETING, names="Ana") == "Hello Ana"
    assert wilder.say("letter.closing", me="Kim") == "Kim"
    assert wilder.say("letter.thank-you.subject") == "Thank you for our talk"
    assert GREETING in wilder
    assert "letter.greting" not in wilder


def test_saying_needs_a_key_and_its_fields() -> None:
    """A builder's slip would reach the app as a KeyError."""
    with pytest.raises(InvalidValue, match=r"letter\.greting: is no key of ours; did you mean letter\.greeting\?"):
        ENGLISH.say("letter.greting")
    with pytest.raises(InvalidValue, match=r"letter\.greeting: needs the field 'names'"):
        ENGLISH.say(GREETING)


@given(st.text())
def test_what_is_filled_in_stays_as_it_is(text: str) -> None:
    """A name with braces in it would be taken for a field, and could reach into what is filled in."""
    assert styled("<{names}>").say(GREETING, names=text) == f"<{text}>"


@given(st.text())
def test_texts_are_taken_by_the_letter_or_refused(text: str) -> None:
    """Some text would raise something of Python's, or say something else than it says."""
    try:
        made = styled(text)
    except InvalidValue:
        assert not text.strip() or set(text) & set("{}")
    else:
        said = made.say(GREETING, names="Ana")
        assert said == text.replace("{names}", "Ana").replace("{{", "{").replace("}}", "}")


def test_braces_of_ones_own() -> None:
    """Nobody could write a brace."""
    assert styled("{{names}} {names} {{}}").say(GREETING, names="Ana") == "{names} Ana {}"


def test_wordings_do_not_change() -> None:
    """Whoever gave the texts could change them after they were checked."""
    given_texts = {GREETING: "Hello"}
    mine = Wordings(name="en:test", texts=given_texts, base=ENGLISH)
    given_texts[GREETING] = "{names.x}"
    assert mine.say(GREETING) == "Hello"
    assert "Hello" not in repr(mine)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def test_tables_only_shorten_keys(tmp_path: Path) -> None:
    """A file could not be written as its author thinks of it."""
    flat: Mapping[str, object] = {"letter.nudge.subject": "A", "letter.nudge.no": "B"}
    nested: Mapping[str, object] = {"letter": {"nudge": {"subject": "A"}, "nudge.no": "B"}}
    path = tmp_path / "mine.toml"
    path.write_text('[letter]\n"nudge.no" = "B"\n[letter.nudge]\nsubject = "A"\n', encoding="utf-8")
    for source in (flat, nested, path, str(path)):
        made = read_wordings(source, "en:mine", ENGLISH)
        assert made.texts == {"letter.nudge.subject": "A", "letter.nudge.no": "B"}
    with pytest.raises(InvalidValue, match=r"letter\.nudge\.no: stands there twice"):
        read_wordings({"letter": {"nudge": {"no": "A"}, "nudge.no": "B"}}, "en:mine", ENGLISH)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A plugin's broken file would stop the app with an error of Python's."""
    broken, latin, large = (tmp_path / name for name in ("broken", "latin", "large"))
    broken.write_text("[letter", encoding="utf-8")
    latin.write_bytes(b'a = "\xe9"')
    large.write_bytes(b"#" * (1 << 20) + b"#")
    for source in (broken, latin, large, tmp_path, tmp_path / "missing", "\0"):
        with pytest.raises(ImportRejected, match="wordings 'en:mine'"):
            read_wordings(source, "en:mine", ENGLISH)
    with pytest.raises(ImportRejected, match=r"FileNotFoundError, the file '.*missing' cannot be read"):
        read_wordings(tmp_path / "missing", "en:mine", ENGLISH)
    with pytest.raises(InvalidValue, match=r"wordings 'en:mine'\.source: needs texts by key, .* got int"):
        read_wordings(3, "en:mine", ENGLISH)  # type: ignore[arg-type]  # the slip


def test_a_deep_mapping_is_a_wrong_key() -> None:
    """Somebody's mapping of a thousand tables would end in a RecursionError."""
    deep: dict[str, object] = {"x": "y"}
    for _ in range(10_000):
        deep = {"x": deep}
    with pytest.raises(InvalidValue, match="no key of ours"):
        read_wordings(deep, "en:mine", ENGLISH)


# ── in documents ─────────────────────────────────────────────────────────────────────────────────
CAMPAIGN: Final = sample_campaign(talks=7)


def documents(campaign: Campaign, wordings: Wordings | None = None) -> list[str]:
    """Every document and letter there can be of a campaign, as text."""
    talks: tuple[Interview, ...] = campaign.interviews
    explorations: tuple[Exploration, ...] = campaign.explorations
    day = talks[0].history[0].told_at.date()
    new = [evolve(talk, id=derive_id(talk.id, "new"), history=(), agenda=()) for talk in talks]
    given = [one for talk, one in zip(talks, new, strict=True) if set(talk.contact_ids) <= set(talk.met)]
    openly = [evolve(one, purpose=Purpose.EMPLOYMENT) for one in given]
    messages = [one for one in campaign.follow_ups if default_policy().reaches_out(one.kind)]
    made = [
        *(prep_sheet(talk, campaign, wordings=wordings) for talk in talks),
        *(debrief_record(talk, campaign, wordings=wordings) for talk in talks),
        *(comparison(one, campaign, wordings=wordings) for one in explorations),
        *(letter(one, campaign, wordings=wordings) for one in messages),
        due_list(day, campaign, wordings=wordings),
        weekly_agenda(day, campaign, wordings=wordings),
        *(dossier(one, campaign, wordings=wordings) for one in campaign.contacts),
        *(field_report(one, campaign, wordings=wordings) for one in explorations),
        *(confirmation(talk, campaign, wordings=wordings) for talk in talks if talk.meeting and talk.status in UPCOMING),
        *(outreach(one, campaign.including(one), wordings=wordings) for one in new),
        *(employment_request(one, campaign.including(one), wordings=wordings) for one in openly),
    ]
    assert {document.language for document in made} == {
        wordings.language if wordings else shipped_wordings(campaign.profile.language).name
    }
    return [render(document, "text").text for document in made]


def test_documents_go_by_the_explorer_s_language() -> None:
    """A Spanish explorer would get an English sheet; or a style that changes nothing would change something."""
    spanish = evolve(CAMPAIGN, profile=evolve(CAMPAIGN.profile, language="es-MX"))
    same = Wordings(name="es", texts={}, base=shipped_wordings("es"))
    assert documents(spanish) == documents(spanish, same)
    assert documents(spanish) != documents(CAMPAIGN)
    assert documents(CAMPAIGN) == documents(CAMPAIGN, ENGLISH)


WORD: Final = re.compile(r"[^\W\d_]{4,}")


def test_every_word_comes_from_the_wordings() -> None:
    """Some text would still stand in Python, and nobody could word it otherwise."""
    mute = {key: " ".join(["§", *(f"{{{field}}}" for field in wording_fields()[key])]) for key in ENGLISH.texts}
    said = {
        word for text in documents(CAMPAIGN, Wordings(name="en:mute", texts=mute)) for word in WORD.findall(text.casefold())
    }
    facts = " ".join(
        map(repr, (CAMPAIGN, *CAMPAIGN.interviews, *CAMPAIGN.contacts, *CAMPAIGN.explorations, *CAMPAIGN.follow_ups))
    )
    named = " ".join(
        text for named in read_labels(read_shipped("labels.en.toml"), "en").kinds.values() for text in named.values()
    )
    told = " ".join([facts, named, *topic_phrases().values(), *(question.text for question in default_policy().bank)])
    header = {"subject"}  # the text renderer's letterhead
    assert said - set(WORD.findall(told.casefold())) - header == set()


def test_wordings_given_are_wordings() -> None:
    """A language given for wordings would fail deep inside, with a word about an attribute."""
    with pytest.raises(InvalidValue, match="needs Wordings, got str"):
        prep_sheet(CAMPAIGN.interviews[0], CAMPAIGN, wordings="es")  # type: ignore[arg-type]  # the slip


# ── the page ─────────────────────────────────────────────────────────────────────────────────────
HEAD: Final = """# Wordings

Every text of a document by its key, with the fields that may stand in it, and what it says in English (⏎ is a line break). How to word
them otherwise: [Write your own wordings](../how-to/write-your-own-wordings.md).
"""


def page() -> str:
    """As it should stand in the docs."""
    lines, part = [HEAD], ""
    for key, fields in wording_fields().items():
        if key.partition(".")[0] != part:
            part = key.partition(".")[0]
            lines.append(f"\n## `{part}`\n\n| key | fields | English |\n|---|---|---|\n")
        told = " ".join(f"`{{{field}}}`" for field in sorted(fields))
        lines.append(f"| `{key}` | {told} | `{ENGLISH.texts[key].replace(chr(10), '⏎')}` |\n")
    return "".join(lines)


def test_the_page_lists_them_all() -> None:
    """Whoever words a letter anew would not find a key, or use a field it has not (`INFOINT_REGENERATE_GOLDEN=1` writes the page anew)."""
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_shipped_file_is_where_it_says() -> None:
    """An app that lets people edit texts would have nothing to begin with."""
    assert read_wordings(shipped_file("en"), "en") == ENGLISH
