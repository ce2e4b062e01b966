"""The request for a meeting about employment: a matter of its own, later and openly (practice §1, §9). Only to people who have given
of their time before, or who passed on a lead; an informational talk is never turned round.
"""

from collections.abc import Iterator

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Outcome
from infoint.model.identity import identified
from infoint.model.interview import Interview, Purpose
from infoint.model.touch import TouchKind
from infoint.notes.contract import Document
from infoint.notes.documents.letters.asked_for import about, formats, length, looking
from infoint.notes.documents.request_letter import addressees, exploration_of, request
from infoint.notes.phrases import Phrases
from infoint.notes.wordings import Wordings
from infoint.practice.voices import in_time


def employment_request(interview: Interview, campaign: Campaign, *, wordings: Wordings | None = None) -> Document:
    """The letter for a talk whose purpose is employment, which is a record of its own. All who are asked were met in an informational
    talk that took place, or have passed on a lead: first one comes to learn. `wordings`: others than those
    shipped for the explorer's language.

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
        problem = (
            f"names {', '.join(strangers)}, who neither gave a talk nor passed on a lead: ask for an informational one first"
        )
        raise InvalidValue("Interview", "contact_ids", problem, value=interview)
    words = Phrases.of("employment-request", campaign, wordings)
    return request(
        "employment-request",
        title=words.say("title", names=words.names(people)),
        subject=words.say("subject"),
        words=words,
        people=people,
        interview=interview,
        campaign=campaign,
        body=_body(words, people, interview, campaign),
    )


def _talks(person: Contact, campaign: Campaign) -> list[Interview]:
    """Those they gave to the explorer who wanted to learn, the earliest first."""
    talks = campaign.interviews_with(person)
    given = (one for one in talks if one.purpose is Purpose.INFORMATIONAL and person.id in one.met)
    return sorted(given, key=in_time)


def _has_led(person: Contact, campaign: Campaign) -> bool:
    return any(touch.kind == TouchKind.LEAD_RECEIVED for touch in campaign.touches_of(person))


def _body(words: Phrases, people: tuple[Contact, ...], interview: Interview, campaign: Campaign) -> Iterator[str]:
    given = [_talks(person, campaign) for person in people]
    shared = [talk for talk in given[0] if all(talk in others for others in given)]
    talk = shared[-1] if shared else None
    study = exploration_of(interview, campaign) or (exploration_of(talk, campaign) if talk else None)
    if talk:
        yield _thanks(words, talk, people[0], campaign)
    else:
        yield words.say("thanks.help" if any(given) else "thanks.lead")
    if study and study.decision and study.decision.outcome is Outcome.PURSUE:
        yield words.say("decided", about=about(study, words))
    ask = words.say(
        "ask", looking=looking(study, words), length=length(interview.duration, words), formats=formats(interview, words)
    )
    yield f"{ask} {words.say('resume')}"
    yield words.say("no")


def _thanks(words: Phrases, talk: Interview, person: Contact, campaign: Campaign) -> str:
    told = about(exploration_of(talk, campaign), words)
    if talk.meeting is None:
        return words.say("thanks.talk", about=told)
    on = talk.meeting.start.astimezone(person.zone or campaign.profile.zone).date()
    return words.say("thanks.talk.in", about=told, month=words.month(on))
