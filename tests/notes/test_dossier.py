"""What is known of one person, on the page."""

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from infoint import (
    Campaign,
    Contact,
    Exploration,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
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
    ContactRole,
    ContactSource,
    Debrief,
    Direction,
    HistoryEntry,
    Insight,
    Party,
    Promise,
    Purpose,
    Referral,
    ReferralKind,
    Seniority,
    Topic,
    Touch,
    TouchKind,
    Valence,
)
from infoint.notes import Document, Markdown, Section, dossier, render
from infoint.practice import default_policy
from infoint.practice.anchors import promise_anchor
from infoint.testing import sample_campaign

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "notes" / "dossier.md"
CHICAGO = ZoneInfo("America/Chicago")
EVE = Contact(id=derive_id("eve"), name="Eve Sand")
BO = Contact(id=derive_id("bo"), name="Bo Li", referred_by=EVE.id)
ANA = Contact(
    id=derive_id("ana"),
    name="Ana Ruiz",
    organization="Oak Labs",
    title="UX lead",
    emails=("ana@oak.example",),
    phones=("+1 555 0100",),
    addresses=("12 Oak Street",),
    location="Springfield",
    links=("https://oak.example/ana",),
    zone="Europe/Madrid",
    role=ContactRole.PRACTITIONER,
    seniority=Seniority.SENIOR,
    source=ContactSource.REFERRAL,
    referred_by=BO.id,
    interests=("maps", "field notes"),
    rapport=1,
    tags=frozenset({"mentor", "fair"}),
    notes="Likes *maps*.",
)
CY = Contact(id=derive_id("cy"), name="Cy Dee", referred_by=ANA.id)
UX = Exploration(id=derive_id("ux"), subject="UX research")
ASKED, OTHER = tuple(default_policy().bank)[:2]
MEETING = Meeting(start=datetime(2026, 12, 1, 10, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x")
SLIDES, ASK = Promise("Send the slides", due=date(2026, 12, 8)), Promise("Ask around", Party.THEM)


def told(*story: events.Event) -> tuple[HistoryEntry, ...]:
    return tuple(HistoryEntry(datetime(2026, 11, 16 + number, tzinfo=UTC), event) for number, event in enumerate(story))


def held(debrief: Debrief, *met: Contact) -> tuple[HistoryEntry, ...]:
    ids = tuple(person.id for person in met)
    return told(events.Requested(), events.Scheduled(MEETING), events.Held(ids), events.Debriefed(debrief))


TALK = Interview(
    id=derive_id("talk"),
    contact_ids=(ANA.id,),
    exploration_id=UX.id,
    agenda=(AgendaItem(ASKED),),
    history=held(
        Debrief(
            answers=(
                Answer(ASKED.id, "Mostly writing.\nAnd mail."),
                Answer(OTHER.id, "By chance."),
                Answer(ASKED.id, "Maps.", said_by=BO.id),
            ),
            insights=(
                Insight("Half the week is mail", Topic.TYPICAL_DAY, Valence.NEGATIVE),
                Insight("Teams are close", Topic.CULTURE, Valence.POSITIVE),
                Insight("Bo sees it otherwise", Topic.CULTURE, said_by=BO.id),
            ),
            referrals=(Referral("Cy Dee", ReferralKind.INTRODUCTION), Referral("Di Eng")),
            promises=(SLIDES, ASK),
        ),
        ANA,
        BO,
    ),
)
EARLIER = Interview(
    id=derive_id("earlier"),
    contact_ids=(BO.id,),
    history=told(events.Held(), events.Debriefed(Debrief(referrals=(Referral("Ana Ruiz", ReferralKind.REDIRECT),)))),
)
WITH_CY = Interview(
    id=derive_id("cy"),
    contact_ids=(CY.id,),
    history=(
        HistoryEntry(datetime(2026, 12, 10, tzinfo=UTC), events.Held()),
        HistoryEntry(
            datetime(2026, 12, 11, tzinfo=UTC),
            events.Debriefed(Debrief(referrals=(Referral("Flo"), Referral("Ana Ruiz", contact_id=ANA.id)))),
        ),
    ),
)
WORK = Interview(id=derive_id("work"), contact_ids=(ANA.id, CY.id), purpose=Purpose.EMPLOYMENT)


def owed(kind: FollowUpKind, day: int, **fields: Any) -> FollowUp:
    return FollowUp(id=derive_id("owed", str(kind), day), kind=kind, due=date(2026, 12, day), **fields)


DONE = {"status": FollowUpStatus.DONE, "settled_at": datetime(2026, 12, 3, 4, tzinfo=UTC)}
FACTS: Final = (
    Touch(
        id=derive_id("t1"),
        contact_id=ANA.id,
        at=datetime(2026, 12, 5, 3, tzinfo=UTC),
        kind=TouchKind.EMAIL,
        direction=Direction.IN,
        note="A paper\nto read.",
    ),
    Touch(id=derive_id("t2"), contact_id=ANA.id, at=datetime(2026, 11, 2, tzinfo=UTC), kind=TouchKind.GAVE_BACK),
    owed(FollowUpKind.KEEP_IN_TOUCH, 20, contact_id=ANA.id, summary="Write to Ana"),
    owed(FollowUpKind.DEBRIEF, 2, interview_id=TALK.id),
    owed(FollowUpKind.THANK_YOU, 2, contact_id=ANA.id, interview_id=TALK.id, summary="Thank Ana", **DONE),
    owed(
        FollowUpKind.UPDATE,
        4,
        contact_id=ANA.id,
        status=FollowUpStatus.WAIVED,
        settled_at=datetime(2026, 12, 4, 12, tzinfo=UTC),
        reason="nothing new",
    ),
    owed(FollowUpKind.NUDGE, 9, contact_id=ANA.id, status=FollowUpStatus.OBSOLETE),
    owed(FollowUpKind.KEEP_PROMISE, 8, contact_id=ANA.id, interview_id=TALK.id, anchor=promise_anchor(TALK, SLIDES), **DONE),
    owed(FollowUpKind.AWAIT_PROMISE, 9, contact_id=ANA.id, interview_id=TALK.id, anchor=promise_anchor(TALK, ASK)),
    owed(FollowUpKind.THANK_YOU, 7, contact_id=BO.id, interview_id=TALK.id, summary="Thank Bo"),
)
WHOLE: Final = Campaign(profile=Profile(zone=CHICAGO)).including(ANA, BO, CY, EVE, UX, TALK, EARLIER, WITH_CY, WORK, *FACTS)


def said(document: Document) -> str:
    return render(document, "text").text


def part(document: Document, key: str) -> str:
    """One section, on one line."""
    section = document.section(key)
    assert section is not None, key
    return " ".join(said(evolve(document, sections=(section,))).split("\n", 6)[6].split())


def keys(document: Document) -> list[str]:
    return [section.key for section in document.sections]


@pytest.mark.parametrize(("language", "name"), [("en", "dossier.md"), ("es", "dossier.es.md")])
def test_the_page(language: str, name: str) -> None:
    """The page would change without anybody having read it (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    facts = evolve(WHOLE, profile=evolve(WHOLE.profile, language=language))
    made = render(dossier(ANA, facts), "markdown").text
    file = GOLDEN.with_name(name)
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")


def test_it_has_all_that_is_known() -> None:
    """What one knows of a person would not be at hand when they ring."""
    document = dossier(ANA, WHOLE)
    assert keys(document) == ["person", "way", "named", "talks", "touches", "promises", "owed", "settled", "notes"]
    assert document.title == "Dossier: Ana Ruiz"
    for words in (
        "UX lead, Oak Labs",
        "+1 555 0100",
        "12 Oak Street",
        "https://oak.example/ana",
        "maps, field notes",
        "fair, mentor",
    ):
        assert words in part(document, "person")
    assert "Rapport: +1 on a scale from −2 to +2" in part(document, "person")
    assert document.sections[-1] == Section(key="notes", title="My notes", blocks=(Markdown("Likes *maps*."),))


def test_of_a_bare_name_nothing_is_made_up() -> None:
    """A page of empty headings would be printed."""
    document = dossier(EVE, Campaign(profile=Profile(zone=CHICAGO)).including(EVE))
    assert keys(document) == ["person"]
    assert part(document, "person") == "Only the name is known."
    assert part(dossier(evolve(EVE, rapport=0), WHOLE), "person") == "Rapport: 0 on a scale from −2 to +2"
    assert "−2 on a scale" in part(dossier(evolve(EVE, rapport=-2), WHOLE), "person")


def test_whoever_wants_to_be_left_alone_is_marked_first() -> None:
    """One would ring somebody who asked not to be rung."""
    assert part(dossier(evolve(ANA, do_not_contact=True), WHOLE), "person").startswith("Do not contact.")


def test_referrals_go_both_ways() -> None:
    """One would not remember whom to thank for the acquaintance, nor what to tell them of those they named."""
    document = dossier(ANA, WHOLE)
    way = part(document, "way")
    assert "Bo Li said on Mon 16 Nov 2026 that they are the one to ask" in way
    assert "Bo Li was named by Eve Sand" in way
    named = part(document, "named")
    assert named.startswith(
        "- Cy Dee: met - Di Eng: nothing yet - Flo, by way of Cy Dee: nothing yet [Who introduced whom: Ana Ruiz]"
    )


def test_a_chain_may_end_anywhere() -> None:
    """A dossier would not be printed, or never end, where referrers are unknown or have named one another."""
    lost = evolve(BO, referred_by=derive_id("nobody"))
    assert "Bo Li was named by somebody not listed here" in part(dossier(ANA, WHOLE.including(lost)), "way")
    ring = evolve(BO, referred_by=ANA.id)
    assert "Bo Li was named by Ana Ruiz" in part(dossier(ANA, WHOLE.including(ring)), "way")
    only = Campaign(profile=Profile(zone=CHICAGO)).including(evolve(ANA, source=None, referred_by=derive_id("nobody")))
    assert part(dossier(only.contacts[0], only), "way") == "- Named by somebody not listed here"


def test_what_was_told_back_is_marked() -> None:
    """One would report back twice."""
    told_back = owed(
        FollowUpKind.REPORT_BACK, 12, contact_id=ANA.id, interview_id=TALK.id, anchor=f"referral:{TALK.id}:cy dee", **DONE
    )
    assert "Cy Dee: met, reported back" in part(dossier(ANA, WHOLE.including(told_back)), "named")


def test_talks_hold_their_words_and_nobody_elses() -> None:
    """Somebody would be quoted with what another person said."""
    talks = part(dossier(ANA, WHOLE), "talks")
    assert "Mostly writing. > And mail. > — Ana Ruiz" in talks
    assert f"{OTHER.text} > By chance. > — Ana Ruiz" in talks
    assert "Maps." not in talks
    assert "Bo sees it otherwise" not in talks
    assert "- − Half the week is mail (Typical day) - + Teams are close (Culture)" in talks
    assert "On their clock: Tue 1 Dec 2026, 17:00 (Europe/Madrid)" in talks
    assert "Also there: Bo Li" in talks
    of_bo = part(dossier(BO, WHOLE), "talks")
    assert "> Maps. > — Bo Li" in of_bo
    assert "Mostly writing" not in of_bo


def test_talks_to_come_and_talks_without_them() -> None:
    """A talk about employment would pass for one to learn from, and somebody who was not there for somebody who was."""
    assert "No date: identified ~~~~~~~~~~~~~~~~~~~ A talk about employment Also asked: Cy Dee" in part(
        dossier(ANA, WHOLE), "talks"
    )
    without = evolve(TALK, history=held(Debrief(), BO))
    assert "They were asked, and were not there." in part(dossier(ANA, WHOLE.including(without)), "talks")


@pytest.mark.parametrize(
    ("story", "lines"),
    [
        ((), []),
        ((events.Requested(),), ["Asked: Sun 1 Nov 2026"]),
        ((events.Requested(), events.Accepted()), ["Asked: Sun 1 Nov 2026"]),
        ((events.Requested(), events.Declined()), ["Asked: Sun 1 Nov 2026", "They said no: Mon 2 Nov 2026"]),
        ((events.Requested(), events.Declined("Retired")), ["Asked: Sun 1 Nov 2026", "They said no: Mon 2 Nov 2026: Retired"]),
        ((events.Requested(), events.GaveUp()), ["Asked: Sun 1 Nov 2026", "Given up: Mon 2 Nov 2026"]),
        ((events.Cancelled(Party.THEM, "A flood"),), ["They called it off: Sun 1 Nov 2026: A flood"]),
        ((events.Cancelled(Party.ME),), ["I called it off: Sun 1 Nov 2026"]),
        ((events.NoShow(),), ["They did not come: Sun 1 Nov 2026"]),
        ((events.NoShow(Party.ME),), ["I did not come: Sun 1 Nov 2026"]),
        ((events.Requested(), events.Dropped("Ill")), ["Asked: Sun 1 Nov 2026", "Let be: Mon 2 Nov 2026: Ill"]),
        ((events.Requested(), events.Declined("Oh"), events.Corrected(1)), ["Asked: Sun 1 Nov 2026"]),
    ],
)
def test_a_talk_tells_how_it_came_about_or_not(story: tuple[events.Event, ...], lines: list[str]) -> None:
    """Why somebody said no, and when they were asked, is known and would stand nowhere."""
    history = tuple(HistoryEntry(datetime(2026, 11, 1 + number, 15, tzinfo=UTC), event) for number, event in enumerate(story))
    talk = Interview(id=derive_id("course"), contact_ids=(ANA.id,), history=history)
    said = render(dossier(ANA, Campaign(profile=WHOLE.profile).including(ANA, talk)), "markdown").text
    turns = [line for line in said.replace("**", "").splitlines() if re.match("- .* 2026", line)]
    assert turns == [f"- {line}" for line in lines]


def test_what_passed_between_the_two() -> None:
    """One would not see who wrote last; days would be those of another zone."""
    assert part(dossier(ANA, WHOLE), "touches") == (
        "- Sun 1 Nov 2026, from me: gave back - Fri 4 Dec 2026, from them: e-mail A paper to read."
    )


def test_promises_are_ticked_when_kept() -> None:
    """One would send the slides a second time."""
    assert part(dossier(ANA, WHOLE), "promises") == (
        "Mine ~~~~ [x] Send the slides (by Tue 8 Dec 2026) Theirs ~~~~~~ [ ] Ask around"
    )


def test_what_is_owed_and_what_is_over() -> None:
    """What is still to be done would hide among what is over, or among what is another person's."""
    document = dossier(ANA, WHOLE)
    assert part(document, "owed") == "[ ] Wed 2 Dec 2026: Debrief [ ] Sun 20 Dec 2026: Write to Ana"
    assert part(document, "settled") == ("[x] Wed 2 Dec 2026: Thank Ana [x] Fri 4 Dec 2026: Update (let be: nothing new)")


def test_it_needs_identity_and_people() -> None:
    """A dossier would be made of half a campaign."""
    with pytest.raises(MissingId):
        dossier(Contact(name="Ana Ruiz"), WHOLE)
    with pytest.raises(NotFound):
        dossier(ANA, Campaign(profile=Profile(zone=CHICAGO)).including(ANA, TALK))


def test_everybody_in_a_large_campaign_has_one() -> None:
    """A loop over all contacts would write one file over another, or give other pages in another run."""
    facts = sample_campaign(talks=20)
    made = [dossier(person, facts) for person in facts.contacts]
    assert len({document.filename for document in made}) == len(facts.contacts) == 20
    assert dossier(facts.contacts[0], facts) == made[0]
    many = tuple(evolve(TALK, id=derive_id("talk", number)) for number in range(200))
    long = dossier(ANA, WHOLE.including(*many))
    assert len(long.section("talks").blocks) == 202  # type: ignore[union-attr]  # there are talks
