"""The request for a meeting about employment: a matter of its own, later and openly (practice §1, §9). Only to people who have given
of their time before, or who passed on a lead; an informational talk is never turned round.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration, Outcome
from infoint.model.identity import identified
from infoint.model.interview import Interview, Purpose
from infoint.model.touch import TouchKind
from infoint.notes.contract import Document
from infoint.notes.documents.phrases import listed, month, names
from infoint.notes.documents.request_letter import about, addressees, exploration_of, formats, length, request
from infoint.practice.voices import in_time

_WORDING: Final[Mapping[str, str]] = {
    "title": "Request for a meeting about employment to {names}",
    "subject": "A meeting about employment",
    "thanks.talk": "Thank you again for telling me about {about}{when}.",
    "thanks.when": " when we talked in {month}",
    "thanks.help": "Thank you again for your help so far.",
    "thanks.lead": "Thank you again for thinking of me, and for passing on what you had heard.",
    "decided": "Since then I have decided in favour of {about}.",
    "ask": "Today I write openly about something else: {looking}. Would you have {length} in the coming "
    "weeks, {formats}, for a separate meeting about that?",
    "looking.field": "I am looking for work in {subject}",
    "looking.role": "I am looking for work as {subject}",
    "looking.organization": "I am looking for work, and {subject} is where I would like to find it",
    "looking.unknown": "I am looking for work",
    "resume": "I would send you my résumé beforehand.",
    "no": "If you would rather not, or somebody else is the one to ask, just say so.",
}
"""All that the letter says, by part; the words in braces are filled in."""


def employment_request(interview: Interview, campaign: Campaign) -> Document:
    """The letter for a talk whose purpose is employment, which is a record of its own. All who are asked were met in an informational
    talk that took place, or have passed on a lead: first one comes to learn.

    Raises InvalidValue for an informational talk (plan another one for employment), where somebody is asked who was neither met nor
    passed on a lead, where the request was answered already, and where nobody may be written to; MissingId; NotFound for what the
    campaign does not hold.
    """
    if identified(interview).purpose is not Purpose.EMPLOYMENT:
        problem = "is informational, and stays so: plan another interview whose purpose is employment"
        raise InvalidValue("Interview", "purpose", problem, value=interview)
    people = addressees(interview, campaign)
    strangers = [person.name for person in people if not _talks(person, campaign) and not _has_led(person, campaign)]
    if strangers:
        problem = f"names {listed(strangers)}, who neither gave a talk nor passed on a lead: ask for an informational one first"
        raise InvalidValue("Interview", "contact_ids", problem, value=interview)
    return request(
        "employment-request",
        title=_say("title", names=names(people)),
        subject=_say("subject"),
        people=people,
        interview=interview,
        campaign=campaign,
        body=_body(people, interview, campaign),
    )


def _say(key: str, **words: str) -> str:
    return _WORDING[key].format(**words)


def _talks(person: Contact, campaign: Campaign) -> list[Interview]:
    """Those they gave to the explorer who wanted to learn, the earliest first."""
    talks = campaign.interviews_with(person)
    given = (one for one in talks if one.purpose is Purpose.INFORMATIONAL and person.id in one.met)
    return sorted(given, key=in_time)


def _has_led(person: Contact, campaign: Campaign) -> bool:
    return any(touch.kind == TouchKind.LEAD_RECEIVED for touch in campaign.touches_of(person))


def _body(people: tuple[Contact, ...], interview: Interview, campaign: Campaign) -> Iterator[str]:
    given = [_talks(person, campaign) for person in people]
    shared = [talk for talk in given[0] if all(talk in others for others in given)]
    talk = shared[-1] if shared else None
    study = exploration_of(interview, campaign) or (exploration_of(talk, campaign) if talk else None)
    if talk:
        yield _thanks(talk, people[0], campaign)
    else:
        yield _say("thanks.help" if any(given) else "thanks.lead")
    if study and study.decision and study.decision.outcome is Outcome.PURSUE:
        yield _say("decided", about=about(study))
    ask = _say("ask", looking=_looking(study), length=length(interview.duration), formats=formats(interview))
    yield f"{ask} {_say('resume')}"
    yield _say("no")


def _thanks(talk: Interview, person: Contact, campaign: Campaign) -> str:
    zone = person.zone or campaign.profile.zone
    when = _say("thanks.when", month=month(talk.meeting.start.astimezone(zone).date())) if talk.meeting else ""
    return _say("thanks.talk", about=about(exploration_of(talk, campaign)), when=when)


def _looking(study: Exploration | None) -> str:
    return _say(f"looking.{study.scope}", subject=study.subject) if study else _say("looking.unknown")
