"""One rich campaign as format 1.0 wrote it: it loads equal and dumps equal for ever."""

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pytest
from attrs import evolve

from infoint import codec, model
from infoint.model import events
from infoint.model.peaks import Strength

FOLDER: Final = Path(__file__).parents[1] / "golden" / "codec"
CHICAGO: Final = ZoneInfo("America/Chicago")
AT: Final = datetime(2026, 12, 1, 10, tzinfo=CHICAGO)
SECOND: Final = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=CHICAGO)
UTC_TIME: Final = datetime(2026, 12, 2, 9, 0, 0, 250_000, tzinfo=UTC)
ANA, BO, TALK, STUDY = (UUID(int=number << 100 | 0x7 << 76 | 0b10 << 62) for number in (1, 2, 3, 4))
NEWER: Final = {"since_1_7": {"a": [1, 2.5, None, "é"], "b": {}}}
STAMPS: Final[dict[str, Any]] = {"extra": NEWER, "custom": {"acme:mentor": ["Bo", {"since": 2020}]}, "edited_at": UTC_TIME}

QUESTION: Final = model.Question(
    extra=NEWER,
    id="acme:salary.range",
    text="What do people earn?",
    category=model.QuestionCategory.ADVANCEMENT,
    topic=model.Topic.stored("of-a-newer-infoint"),
    domain=model.Domain.FIELD,
    tone=model.Tone.CHALLENGE,
    minutes=3,
    probes=("And after five years?",),
    roles=frozenset({model.ContactRole.RECRUITER, model.ContactRole("acme:mentor")}),
    seniorities=frozenset({model.Seniority.SENIOR, model.Seniority.ENTRY}),
    peaks=model.Peaks.SKILLS | model.Peaks.PERSONAL,
    obstacle=model.Obstacle.LACK_OF_EXPERIENCE,
    open_ended=False,
    language="en-GB",
)
DEBRIEF: Final = model.Debrief(
    extra=NEWER,
    answers=(model.Answer("acme:salary.range", "Enough,\nshe said.", BO, extra=NEWER),),
    insights=(
        model.Insight(
            "Mornings are quiet",
            model.Topic.TYPICAL_DAY,
            model.Valence.POSITIVE,
            model.Peaks.KNOWLEDGE,
            "quiet",
            "loud",
            ANA,
            extra=NEWER,
        ),
    ),
    referrals=(
        model.Referral(
            "Zoë Ångström",
            model.ReferralKind.INTRODUCTION,
            ANA,
            BO,
            "zoë@elm.example",
            model.ReferralOutcome.MET,
            extra=NEWER,
        ),
    ),
    promises=(model.Promise("Send the slides", model.Party.THEM, date(2026, 12, 8), extra=NEWER),),
    my_talk_share=30,
    my_introduction=4,
    surprises="So much writing. 😀",
)
MEETING: Final = model.Meeting(
    extra=NEWER, start=SECOND, duration=timedelta(minutes=20), format=model.MeetingFormat.IN_PERSON, place="Oak Street 1"
)
HISTORY: Final = (
    events.Requested(extra=NEWER),
    events.Declined("Too busy", extra=NEWER),
    events.Accepted(extra=NEWER),
    events.Scheduled(MEETING, extra=NEWER),
    events.Confirmed(extra=NEWER),
    events.Rescheduled(evolve(MEETING, start=AT), model.Party.ME, extra=NEWER),
    events.Cancelled(model.Party.THEM, "Ill", extra=NEWER),
    events.NoShow(model.Party.ME, extra=NEWER),
    events.GaveUp(extra=NEWER),
    events.Dropped("Changed my mind", extra=NEWER),
    events.Corrected(9, "Wrong button", extra=NEWER),
    events.UnknownEvent("meditate", {"minutes": 5, "event": "meditate", "with": [{"a": None}]}),
    events.Held((ANA, BO), extra=NEWER),
    events.Debriefed(DEBRIEF, extra=NEWER),
    events.Closed(extra=NEWER),
)
ENTITIES: Final[dict[str, model.Entity]] = {
    "profile": model.Profile(
        **STAMPS,
        id=UUID(int=99),
        name="Kim Doe",
        email="kim@example.org",
        zone=CHICAGO,
        language="en-US",
        work_from=time(8),
        work_until=time(16, 30),
        introduction="I teach,\nand want to do research.",
        strengths=(Strength("Listening", model.Peaks.SKILLS, extra=NEWER),),
    ),
    "contact": model.Contact(
        **STAMPS,
        id=ANA,
        name="Ana Ruiz",
        organization="Oak Labs",
        title="UX lead",
        emails=("ana@oak.example", "ruiz@oak.example"),
        phones=("+34 600 000 000",),
        addresses=("Oak Street 1, Madrid",),
        location="Madrid",
        links=("https://oak.example/ana",),
        zone=ZoneInfo("Europe/Madrid"),
        role=model.ContactRole.PRACTITIONER,
        seniority=model.Seniority.SENIOR,
        source=model.ContactSource("acme:fair"),
        referred_by=BO,
        interests=("maps",),
        rapport=-1,
        do_not_contact=True,
        tags=frozenset({"b", "a", "é"}),
        external_ids=(model.ExternalId("crm", "a-17", extra=NEWER),),
        notes="Met at the fair.\n\tTall.",
    ),
    "exploration": model.Exploration(
        **STAMPS,
        id=STUDY,
        subject="UX research",
        scope=model.Scope.ROLE,
        goal=model.Goal.CHANGE_FIELD,
        obstacles=frozenset({model.Obstacle.LITTLE_KNOWLEDGE, model.Obstacle.FEW_JOBS_ADVERTISED}),
        beliefs=(model.Belief("It is quiet", "a podcast", "quiet", extra=NEWER),),
        target_talks=5,
        stances=(model.Stance(AT, -1, "After the first talk.", extra=NEWER),),
        decision=model.Decision(
            extra=NEWER, outcome=model.Outcome.RULE_OUT, at=UTC_TIME, evidence=(TALK,), because="Too loud."
        ),
        search_ended_at=AT,
    ),
    "interview": model.Interview(
        **STAMPS,
        id=TALK,
        contact_ids=(ANA, BO),
        exploration_id=STUDY,
        purpose=model.Purpose.EMPLOYMENT,
        formats_offered=frozenset({model.MeetingFormat.VIDEO, model.MeetingFormat.PHONE}),
        duration=timedelta(hours=1, minutes=15),
        agenda=(model.AgendaItem(QUESTION, "nobody was asked yet", extra=NEWER),),
        notes="Ask about the team.",
        history=tuple(
            model.HistoryEntry(AT + timedelta(days=day), event, UTC_TIME + timedelta(days=day), extra=NEWER)
            for day, event in enumerate(HISTORY)
        ),
    ),
    "follow_up": model.FollowUp(
        **STAMPS,
        id=UUID(int=5),
        kind=model.FollowUpKind.THANK_YOU,
        due=date(2026, 12, 2),
        due_at=AT,
        postponed_until=date(2026, 12, 3),
        contact_id=ANA,
        interview_id=TALK,
        anchor="interview:3:end",
        occurrence=1,
        summary="Thank Ana Ruiz",
        status=model.FollowUpStatus.WAIVED,
        settled_at=UTC_TIME,
        reason="Thanked her at the door",
        obligatory=True,
        draft="Dear Ana,\n",
        revision=2,
        revised_at=AT,
    ),
    "touch": model.Touch(
        **STAMPS,
        id=UUID(int=6),
        contact_id=ANA,
        at=AT,
        kind=model.TouchKind.LEAD_RECEIVED,
        direction=model.Direction.IN,
        note="Sent me an opening.",
    ),
}


@pytest.mark.parametrize("name", ENTITIES)
def test_format_1_0_for_ever(name: str) -> None:
    """People's files would not load any more, or be rewritten by the first update (`INFOINT_REGENERATE_GOLDEN=1` writes anew)."""
    file, entity = FOLDER / f"{name}.json", ENTITIES[name]
    text = json.dumps(codec.dump(entity), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("INFOINT_REGENERATE_GOLDEN") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    golden = file.read_text(encoding="utf-8")
    assert text == golden
    loaded = codec.load(type(entity), json.loads(golden))
    assert loaded == entity
    assert loaded.edited_at == entity.edited_at


def test_the_golden_campaign_is_rich() -> None:
    """A field whose form is not in the golden files could change unnoticed."""
    said: set[str] = set()
    every: set[str] = set()

    def look(value: Any) -> None:
        if attrs.has(type(value)):
            for one in attrs.fields(type(value)):
                name = f"{type(value).__name__}.{one.name}"
                held = getattr(value, one.name)
                every.add(name)
                if one.default is attrs.NOTHING or held != one.default:
                    said.add(name)
                look(held)
        elif isinstance(value, tuple):
            for item in value:
                look(item)

    for entity in ENTITIES.values():
        look(entity)
    unsaid = {name for name in every - said if not name.endswith(".version")}
    assert unsaid == set()
    assert {kind.__name__ for kind in events.EVENTS.values()} <= {name.partition(".")[0] for name in every}
