"""What an exploration has come to, on the page."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import Campaign, Contact, Exploration, Interview, Meeting, MeetingFormat, Profile, derive_id, events
from infoint.errors import MissingId, NotFound
from infoint.model import (
    AgendaItem,
    Answer,
    Belief,
    Debrief,
    Decision,
    Domain,
    Goal,
    HistoryEntry,
    Insight,
    Outcome,
    Peaks,
    Question,
    QuestionCategory,
    Stance,
    Strength,
    Tone,
    Topic,
    Valence,
)
from infoint.notes import Document, comparison, field_report, render
from infoint.testing import sample_campaign

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "notes" / "field-report.md"
CHICAGO = ZoneInfo("America/Chicago")
T0 = datetime(2026, 9, 7, 15, tzinfo=UTC)
PLUS, MINUS = Valence.POSITIVE, Valence.NEGATIVE
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", organization="Oak Labs", title="UX lead")
BEN = Contact(id=derive_id("ben"), name="Ben Okafor", organization="Elm & Co", referred_by=ANA.id)
LI = Contact(id=derive_id("li"), name="李 明", organization="Cedar Group")
GUS = Contact(id=derive_id("gus"), name="Gus Fry")
ME = Profile(zone=CHICAGO, strengths=(Strength("I explain well", Peaks.SKILLS),))
UX = Exploration(
    id=derive_id("ux"),
    subject="UX research",
    goal=Goal.CHANGE_FIELD,
    beliefs=(Belief("It is all talking to users", "a podcast", "talking"), Belief("It pays badly")),
    stances=(Stance(T0 - timedelta(days=1), 1, "It sounds like me."), Stance(T0 + timedelta(days=1), -1)),
)


def question(id: str, text: str, topic: Topic, tone: Tone = Tone.NEUTRAL) -> AgendaItem:
    return AgendaItem(Question(id=id, text=text, topic=topic, tone=tone, category=QuestionCategory.PATH, domain=Domain.PERSON))


DAY = question("day", "How did your last working day go?", Topic.TYPICAL_DAY)
HARD = question("hard", "What wears on you over time?", Topic.CHALLENGES, Tone.CHALLENGE)


def talk(person: Contact, week: int, debrief: Debrief, *agenda: AgendaItem) -> Interview:
    start = T0 + timedelta(weeks=week)
    story: tuple[events.Event, ...] = (
        events.Scheduled(Meeting(start=start, format=MeetingFormat.PHONE)),
        events.Held(),
        events.Debriefed(debrief),
    )
    return Interview(
        id=derive_id("talk", person.name),
        contact_ids=(person.id,),
        exploration_id=UX.id,
        agenda=agenda,
        history=tuple(HistoryEntry(start + timedelta(hours=number), event) for number, event in enumerate(story)),
    )


WITH_ANA = talk(
    ANA,
    0,
    Debrief(
        answers=(Answer("day", "Mail, then two talks."), Answer("of-old", "Once.")),
        insights=(
            Insight("Half the week is mail", Topic.TYPICAL_DAY, MINUS, rebuts="talking"),
            Insight("A product changes", Topic.REWARDS, PLUS, Peaks.SKILLS | Peaks.KNOWLEDGE),
        ),
    ),
    DAY,
)
WITH_BEN = talk(BEN, 1, Debrief(insights=(Insight("Mail, mostly", Topic.TYPICAL_DAY, MINUS, supports="talking"),)), DAY)
WITH_LI = talk(LI, 2, Debrief(insights=(Insight("He hears people", Topic.TYPICAL_DAY, PLUS, supports="talking"),)))
TALKS: Final = (WITH_ANA, WITH_BEN, WITH_LI)


def decided(outcome: Outcome) -> Exploration:
    because = "The part I like most is what they do least."
    return evolve(
        UX,
        decision=Decision(
            outcome=outcome, at=T0 + timedelta(weeks=3), evidence=tuple(one.id for one in TALKS), because=because
        ),
    )


def campaign(*facts: Exploration | Interview | Contact, profile: Profile = ME) -> Campaign:
    return Campaign(profile=profile).including(ANA, BEN, LI, UX, *facts)


def report(exploration: Exploration = UX, *facts: Interview | Contact) -> Document:
    return field_report(exploration, campaign(exploration, *(facts or TALKS)))


def said(document: Document) -> str:
    return " ".join(render(document, "text").text.split())


def part(document: Document, key: str) -> str:
    section = document.section(key)
    assert section is not None, key
    return said(evolve(document, sections=(section,)))


def keys(document: Document) -> list[str]:
    return [section.key for section in document.sections]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["field-report", "field-report-ruled-out"])
def test_the_page(name: str, language: str) -> None:
    """The page would change without anybody having read it (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    about = UX if name == "field-report" else decided(Outcome.RULE_OUT)
    facts = campaign(about, *TALKS, profile=evolve(ME, language=language))
    made = render(field_report(about, facts), "markdown").text
    file = GOLDEN.with_name(f"{name}.md" if language == "en" else f"{name}.{language}.md")
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")


def test_it_goes_from_the_short_answer_to_the_decision() -> None:
    """A reader would have to go through all of it to learn what came of it."""
    document = report(decided(Outcome.RULE_OUT))
    assert keys(document) == ["summary", "preview", "peaks", "beliefs", "evidence", "stance", "decision", "kept"]
    assert document.title == "Field report: UX research"
    summary = part(document, "summary")
    for words in (
        "Under study: UX research",
        "Goal: change field",
        "Heard: 3 people, 2 independent sources, of 3 aimed at",
        "Talks: 3, from Mon 7 Sep 2026 to Mon 21 Sep 2026",
        "How I lean: −1, rather against",
        "Decision: rule out",
    ):
        assert words in summary, words


def test_the_hard_side_stands_beside_the_good_one() -> None:
    """A preview would be taken for realistic of which nobody was asked the hard side."""
    preview = part(report(), "preview")
    assert "What is hard ~~~~~~~~~~~~ Nobody was asked what is hard. What is told here came up unasked." in preview
    assert "A product changes (Ana Ruiz)" in preview
    asked = evolve(WITH_ANA, agenda=(DAY, HARD))
    assert "came up unasked" not in part(report(UX, asked, WITH_BEN), "preview")


def test_what_is_asked_for_and_lacking() -> None:
    """One would not know what to learn."""
    peaks = part(report(), "peaks")
    assert "Asked for, and nothing of mine to show yet: knowledge." in peaks
    assert "- Skills: A product changes (Ana Ruiz)" in peaks
    assert "I explain well" in peaks


def test_beliefs_come_with_their_verdict() -> None:
    """A belief that two people from one circle rebut would pass for refuted."""
    beliefs = part(report(), "beliefs")
    assert "Contested: 2 for, 1 against." in beliefs
    assert "It pays badly ~~~~~~~~~~~~~ Nothing heard on it yet." in beliefs


def test_how_far_it_goes() -> None:
    """One would not see on how few answers it all rests."""
    rows = report().section("evidence").blocks[1].rows  # type: ignore[union-attr]  # a table stands there
    assert part(report(), "evidence").startswith(
        "Field report: UX research ========================= How far this goes ----------------- "
        "Questions that came up: 2; with an answer noted: 2."
    )
    assert rows == (
        ("Typical day", "2", "1", "contested: 1 for, 1 against (2 people)"),
        ("Rewards", "0", "0", "one source: for"),
        ("Other", "1", "1", "–"),
    )
    unanswered = talk(ANA, 0, Debrief(), DAY)
    assert "Questions that came up: 1; no answer was noted." in part(report(UX, unanswered), "evidence")


def test_what_is_open_is_named_until_it_is_decided() -> None:
    """One would go on asking about what is decided, or not know what to ask next."""
    with_gus = field_report(UX, campaign(*TALKS, GUS))
    assert "Ask Gus Fry about" in part(with_gus, "open")
    assert with_gus.section("open")
    assert report(decided(Outcome.KEEP_OPEN)).section("open") is None


def test_the_stance_before_and_after_each_talk() -> None:
    """One would not see which talk changed one's mind."""
    stance = report().section("stance")
    assert stance is not None
    assert stance.blocks[0].rows == (  # type: ignore[union-attr]  # a table stands there
        ("Ana Ruiz (Mon 7 Sep 2026)", "+1, rather for", "−1, rather against"),
        ("Ben Okafor (Mon 14 Sep 2026)", "−1, rather against", "–"),
        ("李 明 (Mon 21 Sep 2026)", "−1, rather against", "–"),
    )
    assert "Sun 6 Sep 2026: +1, rather for. It sounds like me." in part(report(), "stance")


def test_a_path_ruled_out_leaves_something() -> None:
    """Two talks that end in a no would seem to have been for nothing."""
    kept = part(report(decided(Outcome.RULE_OUT)), "kept")
    for words in (
        "What speaks against it ~~~~~~~~~~~~~~~~~~~~~~ - Half the week is mail (Ana Ruiz)",
        "It is all talking to users (a podcast)",
        "A product changes (Ana Ruiz)",
        "Skills: I explain well",
        "- Ana Ruiz, UX lead, Oak Labs",
    ):
        assert words in kept, words
    assert report(decided(Outcome.PURSUE)).section("kept") is None
    nothing = talk(evolve(ANA, do_not_contact=True), 0, Debrief())
    bare = field_report(decided(Outcome.RULE_OUT), campaign(nothing, evolve(ANA, do_not_contact=True)))
    assert bare.section("kept") is None


def test_before_the_first_talk() -> None:
    """A report of nothing would look like one of something; or fail."""
    document = field_report(evolve(UX, beliefs=(), stances=(), goal=None), Campaign(profile=ME))
    assert keys(document) == ["summary", "warnings", "open"]
    assert "Heard: nobody, of 3 aimed at Talks: 0 Decision: none yet" in part(document, "summary")
    assert "Nobody has been heard so far." in part(document, "warnings")
    undated = Interview(
        id=derive_id("u"), contact_ids=(ANA.id,), exploration_id=UX.id, history=(HistoryEntry(T0, events.Held()),)
    )
    assert "Talks: 1 " in part(report(UX, undated), "summary")
    assert "Talks: 1, on Mon 7 Sep 2026" in part(report(UX, WITH_ANA), "summary")


def test_it_says_what_the_comparison_says() -> None:
    """Two documents of one exploration would weigh the same words otherwise."""
    both = campaign(*TALKS)
    one, other = field_report(UX, both), comparison(UX, both)
    assert one.section("preview").blocks[0] == other.section("preview").blocks[0]  # type: ignore[union-attr]  # both have it
    assert one.section("beliefs").blocks == other.section("beliefs").blocks  # type: ignore[union-attr]  # both have it


def test_it_needs_identity_and_people() -> None:
    """A report would be made of half a campaign."""
    with pytest.raises(MissingId):
        field_report(Exploration(subject="UX research"), campaign())
    with pytest.raises(NotFound):
        field_report(UX, Campaign(profile=ME).including(WITH_ANA))


def test_of_a_large_campaign() -> None:
    """A report of fifty talks would fail, or be another page in another run."""
    facts = sample_campaign(talks=20)
    document = field_report(facts.explorations[0], facts)
    assert document == field_report(facts.explorations[0], facts)
    assert "Heard: 7 people" in part(document, "summary")
