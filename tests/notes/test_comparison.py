"""What the comparison of several talks says on the page."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint.errors import MissingId, NotFound
from infoint.model import events
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact, ContactSource
from infoint.model.debrief import Answer, Debrief, Insight, Valence
from infoint.model.events import Event, HistoryEntry
from infoint.model.exploration import Belief, Decision, Exploration, Outcome, Stance
from infoint.model.identity import derive_id
from infoint.model.interview import AgendaItem, Interview
from infoint.model.meeting import Meeting, MeetingFormat
from infoint.model.peaks import Peaks, Strength
from infoint.model.profile import Profile
from infoint.model.question import Domain, Question, QuestionCategory, QuestionSet, Tone, Topic
from infoint.notes import Section, Table, render
from infoint.notes.documents.comparison import comparison
from infoint.practice import default_policy

GOLDEN = Path(__file__).parents[1] / "golden" / "notes" / "comparison.md"
T0 = datetime(2026, 9, 7, 15, tzinfo=UTC)
PLUS, MINUS, EVEN = Valence.POSITIVE, Valence.NEGATIVE, Valence.NEUTRAL


def someone(name: str, title: str = "", organization: str = "", by: Contact | None = None) -> Contact:
    return Contact(id=derive_id(name), name=name, title=title, organization=organization, referred_by=by.id if by else None)


ANA = evolve(someone("Ana Ruiz", "UX lead", "Oak Labs"), source=ContactSource.ALUMNI)
BEN = someone("Ben Okafor", "Researcher", "Elm & Co", ANA)
CHIARA = someone("Chiara Lind", "Research manager", "Fir Health", BEN)
LI = someone("李 明", "Product manager", "Cedar Group")
EVA = someone("Eva Novák", "Service designer", "Birch", LI)
SAM = someone("Sam Ito")
PEOPLE = (ANA, BEN, CHIARA, LI, EVA, SAM)
UX = Exploration(
    id=derive_id("ux"),
    subject="UX research",
    target_talks=8,
    beliefs=(
        Belief("Most of the work is talking to users", "a podcast", "talking"),
        Belief("One needs a degree in psychology", key="degree"),
        Belief("It pays badly", "a friend"),
    ),
    stances=(
        Stance(T0 + timedelta(days=60), 2, "The team at Elm won me over."),
        Stance(T0, 1, "It sounds like teaching without the marking."),
        Stance(T0 + timedelta(days=40), -1),
        Stance(T0 + timedelta(days=50), 0),
    ),
    decision=Decision(
        outcome=Outcome.PURSUE,
        at=T0 + timedelta(days=62),
        evidence=(derive_id("talk", 3), derive_id("talk", 0)),
        because="The part I like most is the part they do most.\nAnd no degree is asked for.",
    ),
)


def question(id: str, text: str, topic: Topic, tone: Tone = Tone.NEUTRAL) -> Question:
    return Question(id=id, text=text, topic=topic, category=QuestionCategory.PATH, domain=Domain.PERSON, tone=tone)


DAY = question("day", "How did your last working day go?", Topic.TYPICAL_DAY)
TUESDAY = evolve(DAY, text="What did last Tuesday look like?")
HARD = question("hard", "What wears on you over time?", Topic.CHALLENGES, Tone.CHALLENGE)
EDU = question("school", "Which schooling has been of use?", Topic.EDUCATION)
PAY = question("pay", "What range of pay goes with each level?", Topic.SALARY)


def talk(
    number: int,
    *people: Contact,
    asked: tuple[Question, ...] = (),
    answers: tuple[Answer, ...] = (),
    insights: tuple[Insight, ...] = (),
    status: str = "written up",
) -> Interview:
    meeting = Meeting(start=T0 + timedelta(days=9 * number), format=MeetingFormat.VIDEO)
    history: list[Event] = [events.Requested(), events.Scheduled(meeting)]
    if status != "agreed":
        history.append(events.Held(tuple(one.id for one in people)))
    if status == "written up":
        history.append(events.Debriefed(Debrief(answers=answers, insights=insights)))
    return Interview(
        id=derive_id("talk", number),
        contact_ids=(people[0].id,),
        exploration_id=UX.id,
        agenda=tuple(map(AgendaItem, asked)),
        history=tuple(HistoryEntry(meeting.start + timedelta(hours=hour - 2), event) for hour, event in enumerate(history)),
    )


TALKS = (
    talk(
        0,
        ANA,
        asked=(DAY, HARD),
        answers=(
            Answer("day", "Half of the week goes into finding people to talk to."),
            Answer("hard", "Nobody reads the reports.\nShe shows films by now."),
        ),
        insights=(
            Insight("Half the week is finding people to talk to", Topic.TYPICAL_DAY, MINUS, Peaks.SKILLS, rebuts="talking"),
            Insight("A product changes because of what you found", Topic.REWARDS, PLUS),
            Insight("Reports are not read", Topic.CHALLENGES, MINUS),
        ),
    ),
    talk(
        1,
        BEN,
        asked=(DAY, HARD, EDU),
        answers=(Answer("day", "Interviews in the morning, notes after lunch."), Answer("school", "He studied history.")),
        insights=(
            Insight("Interviews every morning", Topic.TYPICAL_DAY, PLUS, Peaks.SKILLS | Peaks.PERSONAL, supports="talking"),
            Insight("No degree is asked for", Topic.EDUCATION, EVEN, rebuts="degree"),
            Insight("Reports are not read", Topic.CHALLENGES, MINUS),
        ),
    ),
    talk(
        2,
        CHIARA,
        asked=(EDU,),
        answers=(Answer("school", "Psychology, and she would do it again."),),
        insights=(
            Insight("A degree in psychology helps every day", Topic.EDUCATION, PLUS, Peaks.KNOWLEDGE, supports="degree"),
            Insight("What is found is acted on", Topic.REWARDS, PLUS),
        ),
    ),
    talk(
        3,
        LI,
        EVA,
        asked=(TUESDAY, HARD, PAY),
        answers=(Answer("day", "Meetings, and reading."), Answer("day", "Workshops.", said_by=EVA.id)),
        insights=(
            Insight("What researchers write is read", Topic.CHALLENGES, PLUS),
            Insight("Workshops two days out of five", Topic.TYPICAL_DAY, EVEN, Peaks.SKILLS, said_by=EVA.id),
            Insight("Seeing somebody use it", Topic.REWARDS, PLUS, said_by=EVA.id),
        ),
    ),
    talk(
        4,
        SAM,
        asked=(DAY,),
        answers=(Answer("acme:gone", "That depends."),),
        insights=(
            Insight("It pays fairly", Topic.SALARY, EVEN, rebuts="poor"),
            Insight("Parking is free", Topic("my:parking"), PLUS),
        ),
    ),
    talk(5, ANA, asked=(HARD,), status="held"),
    talk(6, someone("Ida Holm"), status="agreed"),
)


def campaign(*talks: Interview, exploration: Exploration = UX) -> Campaign:
    everyone = (*PEOPLE, someone("Ida Holm"), *(someone(f"Person {number}") for number in range(20)))
    strengths = (
        Strength("Seven years of listening to pupils", Peaks.EXPERIENCE | Peaks.SKILLS),
        Strength("Patience", Peaks.PERSONAL),
    )
    me = Profile(zone=ZoneInfo("Europe/Madrid"), strengths=strengths)
    return Campaign(profile=me).including(exploration, *everyone, *talks)


def written(*talks: Interview, exploration: Exploration = UX, format: str = "markdown") -> str:
    return render(comparison(exploration, campaign(*talks, exploration=exploration)), format).text


def said(*voices: tuple[Contact, Valence]) -> str:
    """What the table says of one topic these people spoke about."""
    talks = [talk(n, one, insights=(Insight("So.", Topic.DEMAND, valence),)) for n, (one, valence) in enumerate(voices)]
    row = next(line for line in written(*talks).split("\n") if line.startswith("| Demand |"))
    return row.split("|")[2].split("<br>")[0].strip()


# ── the whole ────────────────────────────────────────────────────────────────────────────────────
def test_the_page() -> None:
    """The page would change without anybody having looked at it (`INFOINT_REGENERATE_GOLDEN=1` writes it anew)."""
    text = written(*TALKS)
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_the_page_in_spanish() -> None:
    """A Spanish explorer would get a page of which nobody has read a line (`INFOINT_REGENERATE_GOLDEN=1` writes it anew)."""
    facts = campaign(*TALKS)
    spanish = evolve(facts, profile=evolve(facts.profile, language="es"))
    text, file = render(comparison(UX, spanish), "markdown").text, GOLDEN.with_suffix(".es.md")
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_sections_others_can_follow() -> None:
    """A plugin's section would have nothing to stand behind."""
    keys = [section.key for section in comparison(UX, campaign(*TALKS)).sections]
    first, last = ["people", "verdicts", "preview", "peaks", "topics"], ["open", "beliefs", "stance", "decision"]
    assert keys == [*first, "questions", "answers", *last]
    assert comparison(UX, campaign(TALKS[0])).sections[0].key == "warnings"


def test_the_order_of_rows_does_not_matter() -> None:
    """Two exports of one database would give two pages."""
    assert written(*reversed(TALKS)) == written(*TALKS)


def test_how_many_say_it() -> None:
    """The title would not tell two voices from ten."""
    bare = evolve(UX, beliefs=())
    assert comparison(bare, campaign()).title == "Nobody heard yet about UX research"
    assert comparison(bare, campaign(TALKS[0])).title == "What 1 person says about UX research"
    assert comparison(bare, campaign(*TALKS)).title == "What 6 people say about UX research"


def test_names_of_files_tell_explorations_apart() -> None:
    """One exploration's page would overwrite another's, or lead out of the folder."""
    names = set()
    for number, subject in enumerate(("UX research", "UX research", "../../etc/passwd", "李 明", "long " * 60)):
        one = Exploration(id=derive_id("x", number), subject=subject)
        names.add(comparison(one, campaign(exploration=one)).filename)
    assert len(names) == 5
    assert all(name.startswith("comparison-") and len(name) <= 100 and "/" not in name for name in names)


def test_before_the_first_talk() -> None:
    """One would get an empty page, or one that pretends."""
    bare = evolve(UX, stances=(), decision=None, beliefs=UX.beliefs[:1])
    assert written(TALKS[6], exploration=bare) == (
        "# Nobody heard yet about UX research\n\n"
        "## Before you rely on this\n\n"
        "- Nobody has been heard so far.\n\n"
        "## Still open\n\n"
        "- [ ] Hear 8 more (0 of the 8 people aimed at so far)\n"
        "- [ ] Talk with Ida Holm (Sat 31 Oct 2026)\n"
        "- [ ] Ask Ida Holm about a typical day, what is hard, education and useful experience: nobody has spoken of it\n\n"
        "## What I believed before\n\n"
        "### Most of the work is talking to users (a podcast)\n\n"
        "Nothing heard on it yet.\n"
    )


def test_nothing_open_is_no_section() -> None:
    """A heading would stand there with nothing below it."""
    topics = (Topic.TYPICAL_DAY, Topic.USEFUL_EXPERIENCE, Topic.EDUCATION, Topic.CHALLENGES)
    insights = tuple(Insight("So.", topic) for topic in topics)
    done = Exploration(id=UX.id, subject="UX research")
    told = tuple(evolve(insight, said_by=one.id) for insight in insights for one in (ANA, LI, SAM))
    everyone = comparison(done, campaign(talk(0, ANA, LI, SAM, insights=told), exploration=done))
    assert [one.key for one in everyone.sections] == ["warnings", "people", "verdicts", "topics"]


def test_needs_identity_and_people() -> None:
    """A page would be made of half a campaign."""
    with pytest.raises(MissingId):
        comparison(Exploration(subject="UX"), campaign())
    with pytest.raises(NotFound, match="contact"):
        comparison(UX, campaign(talk(0, Contact(id=derive_id("stranger"), name="Stranger"))))


# ── who ──────────────────────────────────────────────────────────────────────────────────────────
def people(*talks: Interview, also: tuple[Contact, ...] = ()) -> str:
    document = comparison(UX, campaign(*talks).including(*also))
    section = document.section("people")
    assert section is not None
    return render(evolve(document, sections=(section,)), "text").text.partition("-\n\n")[2]


def test_a_chain_is_told_from_its_beginning() -> None:
    """One would not see why three people count as one source."""
    text = " ".join(people(*TALKS[:3]).split())
    assert "3 people, 1 source: people from one chain of introductions count as one." in text
    assert "Chiara Lind, Research manager, Fir Health. Heard Fri 25 Sep 2026. Introduced by Ben Okafor; the chain began" in text
    assert "chain began with Ana Ruiz." in text
    assert "Ben Okafor, Researcher, Elm & Co. Heard Wed 16 Sep 2026. Introduced by Ana Ruiz." in text
    assert people(TALKS[0]).startswith("1 person.\n\n- Ana Ruiz, UX lead, Oak Labs. Heard Mon 7 Sep 2026. Source: alumni.\n")


def test_a_link_of_the_chain_may_be_missing() -> None:
    """One contact that was not handed over would break the page."""
    orphan = evolve(SAM, referred_by=derive_id("nobody"))
    assert "Introduced by somebody not listed here." in people(TALKS[4], also=(orphan,))


def test_a_ring_of_introductions_has_no_beginning() -> None:
    """Two who named each other would each be said to come from themselves."""
    ring = (evolve(ANA, referred_by=BEN.id), BEN)
    text = " ".join(people(TALKS[0], TALKS[1], also=ring).split())
    assert "1 source" in text
    assert "began" not in text


def test_a_day_that_is_not_known() -> None:
    """A history from elsewhere, without the meeting, would break the page."""
    undated = evolve(TALKS[4], history=(HistoryEntry(T0, events.Held()),))
    assert "Sam Ito. Heard on a day not noted." in people(undated)
    assert "Write up the talk with Sam Ito\n" in written(undated)


# ── what they say ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("voices", "words"),
    [
        ([(ANA, PLUS)], "one source: for"),
        ([(ANA, MINUS), (ANA, PLUS)], "one source: for and against"),
        ([(ANA, EVEN)], "one source: neither for nor against"),
        ([(ANA, MINUS), (BEN, MINUS)], "one source (2 people): against"),
        ([(ANA, PLUS), (LI, EVEN)], "one source: for; 1 more, neither"),
        ([(ANA, PLUS), (ANA, EVEN)], "one source: for"),
        ([(ANA, PLUS), (LI, PLUS)], "2 independent people agree: for"),
        (
            [(ANA, MINUS), (LI, MINUS), (EVA, MINUS), (SAM, EVEN)],
            "2 independent sources (3 people) agree: against; 1 more, neither",
        ),
        ([(ANA, EVEN), (LI, EVEN)], "2 independent people agree: neither for nor against"),
        ([(ANA, PLUS), (LI, MINUS), (SAM, MINUS)], "contested: 1 for, 2 against"),
        ([(ANA, PLUS), (BEN, PLUS), (LI, MINUS), (SAM, EVEN)], "contested: 1 for (2 people), 1 against; 1 more, neither"),
    ],
)
def test_a_verdict_in_words(voices: list[tuple[Contact, Valence]], words: str) -> None:
    """One chain of friends would read like independent witnesses, or doubt like certainty."""
    assert said(*voices) == words


def test_never_confirmed() -> None:
    """A handful of talks would be called proof."""
    assert "confirm" not in written(*TALKS).casefold()


def test_no_insight_yet() -> None:
    """One would look for verdicts where nothing was weighed."""
    assert "## What they say together\n\nNo insight has been noted yet.\n" in written(TALKS[5])


# ── questions ────────────────────────────────────────────────────────────────────────────────────
def test_up_to_six_people_have_a_column_each() -> None:
    """One could not see at a glance who was asked what."""
    lines = written(*TALKS).split("\n")
    assert "| Question | Ana Ruiz | Ben Okafor | Chiara Lind | 李 明 | Eva Novák | Sam Ito |" in lines
    assert "| How did your last working day go? | ● | ● | – | ● | ● | ○ |" in lines
    assert "**● answered, ○ asked and nothing noted, – not asked**" in lines


def test_an_answer_stands_by_the_question_that_was_put() -> None:
    """Somebody's answer would be read as one to another question."""
    text = written(*TALKS)
    assert "- **李 明:** Meetings, and reading.\\\n  (asked as: What did last Tuesday look like?)" in text
    assert "(asked as: How did your last working day go?)" not in text


def crowd(number: int) -> Iterator[Interview]:
    for place in range(number):
        answers = (Answer("day", f"Like this, {place}."),) if place % 2 else ()
        yield talk(place, someone(f"Person {place}"), asked=(DAY,), answers=answers)


def test_more_people_are_counted() -> None:
    """A table of a dozen columns would fit no phone and no sheet of paper."""
    lines = written(*crowd(7)).split("\n")
    assert "| Question | Answered | Asked, nothing noted | Not asked |" in lines
    assert "| How did your last working day go? | 3 | 4 | 0 |" in lines
    assert "- **Person 5:** Like this, 5." in lines
    assert "- **Nothing noted:** Person 0, Person 2, Person 4 and Person 6" in lines
    assert "Nothing noted:" not in written(*crowd(6))
    assert "Nothing noted:" not in written(*(one for one in crowd(14) if one.debrief and one.debrief.answers))


def tables(section: Section) -> Iterator[Table]:
    for block in section.blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Section):
            yield from tables(block)


@pytest.mark.parametrize("number", [1, 3, 6, 7, 20])
def test_no_table_is_wider_than_a_page(number: int) -> None:
    """The right half of a table would be cut off on paper."""
    document = comparison(UX, campaign(*crowd(number)))
    assert max(len(table.header) for section in document.sections for table in tables(section)) <= 7


def test_the_bank_of_a_policy_words_what_came_up_unplanned() -> None:
    """A plugin's question would stand there as an id."""
    asked = question("acme:gone", "What does it depend on?", Topic.DEMAND)
    policy = default_policy().with_questions(QuestionSet(name="acme:set", title="Acme", questions=(asked,)))
    assert "### acme:gone" in written(*TALKS)
    text = render(comparison(UX, campaign(*TALKS), policy=policy)).text
    assert "### What does it depend on?" in text


# ── the two sides, and what is asked for ─────────────────────────────────────────────────────────
def test_the_good_and_the_hard_side() -> None:
    """One would not see that only one side was asked about, or that friends said it."""
    one_told = talk(0, ANA, insights=(Insight("So.", Topic.DEMAND, PLUS),))
    assert "| What is good | nobody | 1 insight from 1 person |\n| What is hard | nobody | nothing |" in written(one_told)
    friends = [talk(n, one, asked=(HARD,), insights=(Insight("So.", Topic.DEMAND, MINUS),)) for n, one in enumerate((ANA, BEN))]
    assert "| What is hard | 2 people | 2 insights from 2 people, 1 source |" in written(*friends)
    strangers = [talk(n, one, insights=(Insight("So.", Topic.DEMAND, MINUS),)) for n, one in enumerate((ANA, LI))]
    assert "| What is hard | nobody | 2 insights from 2 people |" in written(*strangers)


def test_what_the_work_asks_for_and_one_lacks() -> None:
    """A gap would look like a letter nobody has spoken of."""
    lines = written(*TALKS).split("\n")
    assert "| Knowledge | 1 person | a gap: nothing noted |" in lines
    assert "| Accomplishments | nobody | – |" in lines
    assert "| Skills | 3 people, 2 independent sources | Seven years of listening to pupils |" in lines
    assert "What the work asks for" not in written(TALKS[4])


# ── what is open, believed and decided ───────────────────────────────────────────────────────────
def test_what_somebody_left_unanswered_is_open() -> None:
    """A question that nobody answered would be forgotten."""
    text = written(*TALKS)
    assert "- [ ] What range of pay goes with each level? Asked of 李 明 and Eva Novák; no answer noted\n" in text
    assert "- [ ] Write up the talk with Ana Ruiz (Thu 22 Oct 2026)\n" in text


def test_whom_to_ask_next() -> None:
    """One would know what is missing and not where to get it, or get a line for every topic."""
    topics = (Topic.DEMAND, Topic.OUTLOOK, Topic.CHANGES, Topic.SALARY, Topic.TRAINING, Topic.OVERTIME, Topic.WAY_IN)
    text = written(talk(0, ANA, insights=tuple(Insight("So.", topic) for topic in topics)), TALKS[6])
    lines = [line for line in text.split("\n") if "source so far" in line]
    assert len(lines) == 1
    assert lines[0].startswith("- [ ] Ask Ida Holm about overtime, ")
    assert lines[0].endswith(" and 2 more: only one source so far")
    alone = Campaign(profile=Profile(zone="UTC")).including(UX, ANA, talk(0, ANA, insights=(Insight("So.", Topic.DEMAND),)))
    assert "- [ ] Find somebody new to ask about demand: only one source so far" in render(comparison(UX, alone)).text


def test_what_speaks_for_no_belief_is_shown() -> None:
    """An insight would be dropped because its belief was since taken away."""
    assert "### poor\n\nOne source: against.\n\n- **Speaks against it:** It pays fairly (Sam Ito)\n" in written(*TALKS)


def test_evidence_that_has_not_taken_place_is_marked() -> None:
    """A decision would seem to rest on a talk nobody has had."""
    decided = evolve(UX, decision=evolve(UX.decision, evidence=(TALKS[6].id, TALKS[0].id)))
    rests_on = "Ana Ruiz (Mon 7 Sep 2026); Ida Holm (Sat 31 Oct 2026), which has not taken place"
    assert f"**Rests on talks with:** {rests_on}\n" in written(*TALKS, exploration=decided)


def test_evidence_that_is_not_here_is_counted() -> None:
    """A decision would seem to rest on less than it does, or the page break."""
    text = written(*TALKS[1:])
    assert "**Rests on talks with:** 李 明 and Eva Novák (Sun 4 Oct 2026); 1 more, not listed here" in text


def test_days_are_the_explorers() -> None:
    """A stance taken late in the evening would be dated by London."""
    late = evolve(UX, stances=(Stance(datetime(2026, 9, 7, 22, 30, tzinfo=UTC), -2),))
    assert "- Tue 8 Sep 2026: **−2, against**" in written(TALKS[0], exploration=late)


# ── in every format ──────────────────────────────────────────────────────────────────────────────
HOSTILE = "</td><script>alert(1)</script> | [x](javascript:x) **b** <!-- \u202e"


class Seen(HTMLParser):
    """The text of a page and the tags it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A tag."""
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


def test_hostile_text_shows_as_itself() -> None:
    """Somebody's name would run as a script in the page that compares them."""
    villain = evolve(ANA, name=HOSTILE, title=HOSTILE, organization=HOSTILE)
    wicked = talk(
        0,
        villain,
        asked=(question("wicked", HOSTILE, Topic.DEMAND),),
        answers=(Answer("wicked", HOSTILE),),
        insights=(Insight(HOSTILE, Topic.DEMAND, supports=HOSTILE),),
    )
    study = evolve(UX, subject=HOSTILE, beliefs=(Belief(HOSTILE),), stances=(Stance(T0, 1, HOSTILE),))
    document = comparison(study, campaign(wicked, exploration=study).including(villain))
    page = Seen()
    page.feed(render(document, "html").text)
    assert page.text.count("<script>alert(1)</script>") >= 10
    assert "script" not in page.tags
    assert "a" not in page.tags
    assert render(document, "text").text
