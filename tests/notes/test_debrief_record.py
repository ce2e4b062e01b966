"""The record of one talk, and the form that stands in for it until there is one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import (
    Campaign,
    Contact,
    Exploration,
    Interview,
    Meeting,
    MeetingFormat,
    Profile,
    derive_id,
    events,
)
from infoint.errors import MissingId, NotFound
from infoint.model import (
    AgendaItem,
    Answer,
    Belief,
    Debrief,
    Domain,
    HistoryEntry,
    Insight,
    Party,
    Peaks,
    Promise,
    Question,
    QuestionCategory,
    Referral,
    ReferralKind,
    ReferralOutcome,
    Topic,
    Valence,
)
from infoint.notes import Document, Link, Markdown, Section, WritingSpace, debrief_record, render
from infoint.practice import default_policy
from infoint.testing import sample_campaign

CHICAGO: Final = ZoneInfo("America/Chicago")
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", organization="Oak Labs", title="UX lead")
BO = Contact(id=derive_id("bo"), name="Bo Li")
CY = Contact(id=derive_id("cy"), name="Cy Dee", referred_by=ANA.id)
UX = Exploration(
    id=derive_id("ux"), subject="UX research", beliefs=(Belief("It is all interviews"), Belief("It is lonely", key="lonely"))
)
SHIPPED = tuple(default_policy().bank)[:3]
MEETING = Meeting(start=datetime(2026, 12, 1, 10, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x")


def told(*story: events.Event) -> tuple[HistoryEntry, ...]:
    return tuple(HistoryEntry(datetime(2026, 11, 16 + number, tzinfo=UTC), event) for number, event in enumerate(story))


def talk(*story: events.Event, **fields: Any) -> Interview:
    fields = {"id": derive_id("talk"), "contact_ids": (ANA.id,), "exploration_id": UX.id, **fields}
    fields.setdefault("agenda", (AgendaItem(SHIPPED[0]), AgendaItem(SHIPPED[1])))
    return Interview(history=told(*story), **fields)


def debriefed(debrief: Debrief, *, met: tuple[Contact, ...] = (), **fields: Any) -> Interview:
    held = events.Held(tuple(person.id for person in met))
    return talk(events.Requested(), events.Scheduled(MEETING), held, events.Debriefed(debrief), **fields)


def record(interview: Interview, *facts: Any) -> Document:
    return debrief_record(interview, Campaign(profile=Profile(zone=CHICAGO)).including(ANA, BO, UX, interview, *facts))


def said(document: Document) -> str:
    return render(document, "text").text


def part(document: Document, key: str) -> str:
    """One section, on one line."""
    section = document.section(key)
    assert section is not None, key
    return " ".join(said(evolve(document, sections=(section,))).split("\n", 6)[6].split())


def keys(document: Document) -> list[str]:
    return [section.key for section in document.sections]


FULL = Debrief(
    answers=(Answer(SHIPPED[0].id, "Mostly writing.\nAnd mail."),),
    insights=(
        Insight("Half the week is mail", Topic.TYPICAL_DAY, Valence.NEGATIVE, rebuts="It is all interviews"),
        Insight("Teams are close", Topic.CULTURE, Valence.POSITIVE, Peaks.SKILLS | Peaks.PERSONAL, rebuts="lonely"),
        Insight("It grows", Topic.DEMAND, supports="of-old"),
    ),
    referrals=(Referral("Cy Dee", ReferralKind.INTRODUCTION), Referral("Di Eng", how_to_reach="di@elm.example")),
    promises=(Promise("Send the slides", due=date(2026, 12, 8)), Promise("Ask around", Party.THEM)),
    my_talk_share=30,
    my_introduction=4,
    surprises="So much writing.",
)


# ── the record ───────────────────────────────────────────────────────────────────────────────────
def test_record_has_all_a_debrief_holds() -> None:
    """Something that was written down would not be found again."""
    document = record(debriefed(FULL, notes="Call *back*."), CY)
    assert keys(document) == [
        "talk",
        "answers",
        "insights",
        "beliefs",
        "surprises",
        "referrals",
        "promises",
        "rating",
        "still-to-ask",
        "notes",
    ]
    assert document.title == "Debrief: talk with Ana Ruiz"
    assert "With: Ana Ruiz, UX lead, Oak Labs When: Tue 1 Dec 2026, 10:00 (America/Chicago) How long: 30 minutes" in part(
        document, "talk"
    )
    assert "How: video Where: https://meet.example/x About: UX research" in part(document, "talk")
    assert "Mostly writing. And mail." in part(document, "answers")
    assert (
        "Speaks for it (+) ~~~~~~~~~~~~~~~~~ - Teams are close Topic: Culture; PEAKS: personal characteristics, skills"
        in part(document, "insights")
    )
    assert "- Half the week is mail Topic: Typical day" in part(document, "insights")
    assert "Neither ~~~~~~~ - It grows Topic: Demand" in part(document, "insights")
    assert part(document, "beliefs") == (
        "- It is all interviews Rebutted: Half the week is mail - It is lonely Rebutted: Teams are close "
        "- of-old Supported: It grows"
    )
    assert part(document, "surprises") == "So much writing."
    assert "Mine ~~~~ [ ] Send the slides (by Tue 8 Dec 2026) Theirs ~~~~~~ [ ] Ask around" in part(document, "promises")
    assert part(document, "rating") == "I spoke: 30 % of the time My introduction: 4 of 5"
    assert document.section("notes") == Section(key="notes", title="My notes", blocks=(Markdown("Call *back*."),))


def test_what_was_not_noted_takes_no_room() -> None:
    """A page of empty headings would be printed."""
    assert keys(record(debriefed(Debrief(), agenda=(), exploration_id=None))) == ["talk"]
    assert keys(record(debriefed(Debrief(my_talk_share=0), agenda=(), notes=" \n"))) == ["talk", "rating"]
    assert part(record(debriefed(Debrief(my_introduction=1), agenda=())), "rating") == "My introduction: 1 of 5"


def test_questions_in_the_wording_they_were_asked_in() -> None:
    """An answer would stand under a question nobody asked, or under none."""
    own = Question(
        id="my:salary",
        text="What do people earn?",
        category=QuestionCategory.ADVANCEMENT,
        topic=Topic.SALARY,
        domain=Domain.FIELD,
    )
    asked = evolve(SHIPPED[1], text="As I put it?")
    elsewhere = Interview(id=derive_id("other"), contact_ids=(BO.id,), agenda=(AgendaItem(own),))
    answers = tuple(Answer(id, f"to {id}") for id in ("my:salary", "my:lost", SHIPPED[2].id, asked.id))
    document = record(debriefed(Debrief(answers=answers), agenda=(AgendaItem(asked), AgendaItem(SHIPPED[1]))), elsewhere)
    section = document.section("answers")
    assert section is not None
    assert [block.title for block in section.blocks if isinstance(block, Section)] == [
        "1. As I put it?",
        "2. What do people earn?",
        "3. my:lost",
        f"4. {SHIPPED[2].text}",
    ]
    assert part(document, "answers").count(f"to {asked.id}") == 1
    assert "still-to-ask" not in keys(document)


def test_what_is_still_to_ask_has_room() -> None:
    """One would not see what was left out, or have nowhere to write it when it is answered after all."""
    document = record(debriefed(FULL))
    section = document.section("still-to-ask")
    assert section is not None
    (left,) = section.blocks
    assert isinstance(left, Section)
    assert left.title == SHIPPED[1].text
    assert any(isinstance(block, WritingSpace) for block in left.blocks)


def test_who_said_it_where_several_were_there() -> None:
    """Of a talk with two nobody would know any more who said what."""
    debrief = Debrief(
        answers=(Answer(SHIPPED[0].id, "Yes", said_by=BO.id), Answer(SHIPPED[0].id, "No", said_by=ANA.id)),
        insights=(Insight("Good", Topic.REWARDS, Valence.POSITIVE, said_by=BO.id), Insight("Plain", Topic.DEMAND)),
        referrals=(Referral("Cy Dee", given_by=BO.id),),
    )
    document = record(debriefed(debrief, met=(ANA, BO)))
    assert "Bo Li: Yes Ana Ruiz: No" in part(document, "answers")
    assert "Good Topic: Rewards; said by Bo Li" in part(document, "insights")
    assert part(document, "insights").endswith("Plain Topic: Demand")
    assert "a name only; named by Bo Li" in part(document, "referrals")
    alone = Debrief(insights=(Insight("Good", Topic.REWARDS, said_by=ANA.id),), referrals=(Referral("Cy Dee"),))
    assert "said by" not in said(record(debriefed(alone)))
    assert "named by" not in said(record(debriefed(alone)))


def test_who_was_there() -> None:
    """Somebody who did not come would be remembered as met."""
    document = record(debriefed(FULL, met=(BO,)))
    assert document.title == "Debrief: talk with Bo Li"
    assert "With: Bo Li Not there: Ana Ruiz" in part(document, "talk")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (ReferralOutcome.PENDING, "nothing has come of it yet"),
        (ReferralOutcome.MET, "we have met"),
        (ReferralOutcome.DECLINED, "declined"),
        (ReferralOutcome.UNREACHABLE, "could not be reached"),
        (ReferralOutcome.DROPPED, "let drop"),
    ],
)
def test_what_came_of_names(outcome: ReferralOutcome, words: str) -> None:
    """One would write twice to the same person, or never."""
    debrief = Debrief(referrals=(Referral("Di Eng", ReferralKind.REDIRECT, how_to_reach="+1 555", outcome=outcome),))
    assert part(record(debriefed(debrief)), "referrals") == (
        f"- Di Eng the one to ask instead; reach: +1 555; not yet among my contacts; {words}"
    )


def test_names_that_led_to_talks() -> None:
    """The record would say that nothing came of a name when there was a talk."""
    debrief = Debrief(referrals=(Referral("Cy Dee"), Referral("Bo Li"), Referral("Di Eng")))
    start = datetime(2026, 12, 14, 20, tzinfo=UTC)
    later = events.Scheduled(evolve(MEETING, start=start))
    agreed = Interview(id=derive_id("later"), contact_ids=(CY.id,), history=told(events.Requested(), later))
    lines = part(record(debriefed(debrief), CY, agreed), "referrals")
    assert lines.startswith("- Cy Dee a name only; among my contacts; we are to talk on Mon 14 Dec 2026 - Bo Li")
    held = evolve(agreed, history=told(events.Requested(), later, events.Held()))
    assert "we talked on Mon 14 Dec 2026" in part(record(debriefed(debrief), CY, held), "referrals")


def test_when_a_talk_without_a_time_was() -> None:
    """A walk-in would have no day."""
    walk_in = talk(events.Held(), events.Debriefed(Debrief()))
    document = record(walk_in)
    assert "When: Sun 15 Nov 2026 About" in part(document, "talk")
    assert document.filename == f"debrief-ana-ruiz-no-date-{walk_in.id.hex[-8:]}"


def test_places_are_links_where_they_can_be() -> None:
    """A recording could not be reached from the record; and a street would be taken for a page."""
    assert Link("https://meet.example/x", "https://meet.example/x") in _values(record(debriefed(FULL)))
    street = events.Scheduled(evolve(MEETING, format=MeetingFormat.IN_PERSON, place="12 Oak Street"))
    assert "12 Oak Street" in _values(record(talk(street, events.Held(), events.Debriefed(FULL))))
    nowhere = events.Scheduled(evolve(MEETING, place=""))
    assert "Where" not in part(record(talk(nowhere, events.Held())), "talk")


def _values(document: Document) -> list[Any]:
    fields: Any = document.sections[0].blocks[0]
    return [value for _, values in fields.pairs for value in values]


# ── the form ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "story",
    [(), (events.Requested(),), (events.Scheduled(MEETING),), (events.Scheduled(MEETING), events.Held())],
    ids=["planned", "asked", "agreed", "held"],
)
def test_before_the_debrief_it_is_a_form(story: tuple[events.Event, ...]) -> None:
    """There would be nothing to write on when one comes out of the talk."""
    document = record(talk(*story, notes="Call back."))
    assert keys(document) == ["talk", "learned", "fits", "open", "next", "notes"]
    for key in ("learned", "fits", "open", "next"):
        section = document.section(key)
        assert section is not None
        assert section.title.endswith("?")
        assert isinstance(section.blocks[0], WritingSpace)
    assert "did not take place" not in said(document)


@pytest.mark.parametrize("last", [events.Cancelled(Party.THEM), events.NoShow()])
def test_a_talk_that_fell_through_says_so(last: events.Event) -> None:
    """One would try to remember a talk that was not."""
    document = record(talk(events.Requested(), events.Scheduled(MEETING), last))
    assert "This talk did not take place." in part(document, "talk")
    declined = record(talk(events.Requested(), events.Declined("No time this year")))
    assert "no date yet" in part(declined, "talk")
    assert keys(declined) == ["talk"], "there is nothing to fill in"
    assert "They said no: " in part(declined, "talk")
    assert ": No time this year" in part(declined, "talk")


# ── all of them ──────────────────────────────────────────────────────────────────────────────────
def test_record_needs_identity_and_people() -> None:
    """A record would be made of half a talk."""
    with pytest.raises(MissingId):
        debrief_record(Interview(contact_ids=(ANA.id,)), Campaign(profile=Profile(zone=CHICAGO)).including(ANA))
    with pytest.raises(NotFound):
        debrief_record(debriefed(FULL), Campaign(profile=Profile(zone=CHICAGO)))


def test_records_of_a_campaign_have_names_of_their_own() -> None:
    """One record would be written over another, or come out otherwise in the next run."""
    campaign = sample_campaign(talks=6)
    records = [debrief_record(interview, campaign) for interview in campaign.interviews]
    assert len({document.filename for document in records}) == 6
    assert records == [debrief_record(interview, sample_campaign(talks=6)) for interview in campaign.interviews]
    assert records[0].filename.startswith("debrief-ana-ruiz-2026-11-10-")


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_own_notes_show_as_they_were_written(format: str) -> None:
    """Notes would become part of the page: a heading, a script, a picture from elsewhere."""
    notes = "# Not a heading\n<script>x</script>"
    shown = render(record(debriefed(Debrief(), notes=notes)), format).text
    assert "<script>x" not in shown or format == "text"
    assert "<h1>Not" not in shown
    assert "\n# Not" not in shown or format == "text"


def test_the_day_is_the_explorers() -> None:
    """A talk late in the evening would be filed under the next day."""
    late = events.Scheduled(evolve(MEETING, start=MEETING.start + timedelta(hours=12)))
    assert "-2026-12-01-" in record(talk(late, events.Held())).filename
