"""The invented searches that the gallery shows: one in English, which is that of the job search example, and one in Spanish. Which
documents are made of them is in `pieces`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

import infoint
from infoint import (
    Belief,
    Campaign,
    Contact,
    ContactRole,
    ContactSource,
    Decision,
    Exploration,
    FollowUp,
    FollowUpKind,
    Goal,
    Insight,
    Interview,
    MeetingFormat,
    Outcome,
    Profile,
    Stance,
    Topic,
    Touch,
    TouchKind,
    Valence,
    derive_id,
)
from infoint.model import Direction, Purpose
from infoint.practice import Slot, propose_times

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "job_search"


@frozen
class Search:
    """What is known on a day, and ways to find in it what a document is about."""

    campaign: Campaign
    today: date

    def person(self, name: str) -> Contact:
        """By how the name begins."""
        return next(person for person in self.campaign.contacts if person.name.startswith(name))

    def talk(self, name: str, purpose: Purpose = Purpose.INFORMATIONAL) -> Interview:
        """With somebody whose name begins so."""
        talks = self.campaign.interviews_with(self.person(name))
        return next(talk for talk in talks if talk.purpose is purpose)

    def study(self, subject: str) -> Exploration:
        """By how the subject begins."""
        return next(one for one in self.campaign.explorations if one.subject.startswith(subject))

    def owed(self, kind: FollowUpKind, name: str) -> FollowUp:
        """To somebody whose name begins so; of several the one due first."""
        to = self.person(name).id
        return min(
            (one for one in self.campaign.follow_ups if one.kind == kind and one.contact_id == to), key=lambda one: one.due
        )

    def times(self, talk: Interview) -> tuple[Slot, ...]:
        """To offer for a talk, asked for at noon."""
        noon = datetime.combine(self.today, time(12), self.campaign.profile.zone)
        until = self.today + timedelta(days=21)
        return propose_times(talk, self.campaign, busy=(), after=noon, until=until)


# ── in English ───────────────────────────────────────────────────────────────────────────────────
def in_english() -> Search:
    """Maren Holt's, as the example leaves it, with what its file has no words for: how she leans, what she has ruled out,
    and what is done by hand.
    """
    sys.path.insert(0, str(EXAMPLE))
    from campaign_file import CampaignFile, load, noon_of
    from job_search import tell

    tables = CampaignFile(EXAMPLE / "campaign.toml").tables
    me = load(Profile, tables["me"])
    noon = noon_of(tables, "today", me.zone)
    with infoint.open("memory:", clock=lambda: noon) as ws, redirect_stdout(StringIO()):
        ws.set_profile(me)
        with ws.transaction() as all_or_nothing:  # a hundred changes in one go
            tell(all_or_nothing, tables)
        search = Search(ws.campaign(), noon.date())
    for add in (_leaning, _ruled_out, _by_hand):
        search = evolve(search, campaign=search.campaign.including(*add(search)))
    return search


def _leaning(search: Search) -> Iterator[Exploration]:
    def at(month: int, day: int) -> datetime:
        return datetime(2026, month, day, 20, tzinfo=search.campaign.profile.zone)

    stances = (
        Stance(at(9, 1), 1, "Curious, and afraid of the mathematics"),
        Stance(at(9, 17), -1, "Two people, two answers about the degree"),
        Stance(at(10, 12), 2, "Three ways in, and none of them through a job board"),
    )
    yield evolve(search.study("flood"), stances=stances)


def _ruled_out(search: Search) -> Iterator[Exploration]:
    evidence = tuple(search.talk(name).id for name in ("Agnieszka", "Callum"))
    at = datetime(2026, 10, 13, 21, tzinfo=search.campaign.profile.zone)
    because = "I would enjoy the puzzle for a year. Nobody there is warned of anything."
    decision = Decision(outcome=Outcome.RULE_OUT, at=at, evidence=evidence, because=because)
    yield evolve(search.study("railway"), decision=decision)


def _by_hand(search: Search) -> Iterator[Touch | FollowUp]:
    """What no rule plans, but people do."""
    lead = Touch(
        id=derive_id("gallery", "lead"),
        contact_id=search.person("Malik").id,
        at=datetime(2026, 10, 12, 9, tzinfo=search.campaign.profile.zone),
        kind=TouchKind.LEAD_RECEIVED,
        direction=Direction.IN,
        note="You wrote that two winter assistants are wanted in Halifax from the first of November.",
    )
    yield lead
    made = {
        FollowUpKind.SHARE_ARTICLE: ("Rhiannon", "Send Rhiannon Pryce the article on warnings by radio"),
        FollowUpKind.ASK_ADVICE: ("Inês", "Ask Inês Carvalho da Rosa which course to take"),
        FollowUpKind.GIVE_BACK: ("Inês", "Offer Inês Carvalho da Rosa a morning at our school"),
        FollowUpKind.THANK_LEAD: ("Malik", "Thank Malik Osei for the lead"),
        FollowUpKind.DECISION_NEWS: ("Agnieszka", "Tell Agnieszka Wójcik what I decided"),
    }
    for kind, (name, summary) in made.items():
        yield FollowUp(
            id=derive_id("gallery", kind),
            kind=kind,
            due=search.today,
            contact_id=search.person(name).id,
            interview_id=search.talk(name).id,
            anchor=f"touch:{lead.id}" if kind == FollowUpKind.THANK_LEAD else "",
            summary=summary,
        )


# ── in Spanish ───────────────────────────────────────────────────────────────────────────────────
TODAY: Final = datetime(2026, 10, 14, 12, tzinfo=ZoneInfo("Europe/Madrid"))


def in_spanish() -> Search:
    """Lucía Ferrer's: one talk heard, one agreed, one to be asked for."""
    with _workspace() as ws:
        study = ws.explorations.add(
            Exploration(
                subject="restauración de edificios",
                goal=Goal.CHANGE_FIELD,
                beliefs=[Belief("Sin la carrera de arquitectura no hay nada que hacer", "un foro", "carrera")],
            ),
            external_id="restauracion",
        )
        mariana = ws.contacts.add(
            Contact(
                name="Mariana Quiroga",
                organization="Taller Sur",
                title="maestra cantera",
                emails=["mariana@taller-sur.example"],
                zone="America/Argentina/Buenos_Aires",
                role=ContactRole.PRACTITIONER,
                source=ContactSource.EVENT,
            ),
            external_id="mariana",
        )
        tomas = ws.contacts.add(
            Contact(
                name="Tomás Ibarra Núñez",
                organization="Piedra y Cal",
                title="jefe de obra",
                emails=["tomas@piedra-y-cal.example"],
                zone="Europe/Madrid",
                role=ContactRole.SUPERVISOR,
                source=ContactSource.REFERRAL,
                referred_by=mariana.id,
            ),
            external_id="tomas",
        )
        talk = ws.interviews.plan(mariana, exploration=study, external_id="mariana-1")
        talk = ws.interviews.request(talk, at=datetime(2026, 9, 28, 19))
        talk = ws.interviews.schedule(
            talk,
            datetime(2026, 10, 13, 16),
            format=MeetingFormat.VIDEO,
            place="https://meet.example/mariana",
            at=datetime(2026, 9, 30, 10),
        )
        talk = ws.interviews.hold(talk, at=datetime(2026, 10, 13, 16, 35))
        ws.interviews.debrief(
            talk,
            at=datetime(2026, 10, 13, 19),
            insights=[
                Insight("La mitad del taller aprendió en la obra, sin título alguno.", Topic.EDUCATION, Valence.POSITIVE),
                Insight("En invierno la piedra no se trabaja: hay que guardar para enero.", Topic.SALARY, Valence.NEGATIVE),
            ],
            referrals=["Tomás Ibarra Núñez"],
        )
        talk = ws.interviews.plan(tomas, exploration=study, external_id="tomas-1")
        return Search(ws.campaign(), TODAY.date())


@contextmanager
def _workspace() -> Iterator[infoint.Workspace]:
    with infoint.open("memory:", clock=lambda: TODAY) as ws:
        introduction = "Soy delineante desde hace ocho años y los domingos reparo muros de piedra seca."
        me = Profile(
            name="Lucía Ferrer", email="lucia@ferrer.example", zone="Europe/Madrid", language="es", introduction=introduction
        )
        ws.set_profile(me)
        yield ws
