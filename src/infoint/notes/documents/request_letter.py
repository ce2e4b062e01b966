"""What letters have in common that ask for a talk: whom they go to, and what stands around it all. What each asks is its own, and
what is said of the talk is `letters.asked_for`'s.
"""

from collections.abc import Iterable
from typing import Final

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview, InterviewStatus
from infoint.notes.contract import Document, Paragraph, Section
from infoint.notes.documents.letter import frame
from infoint.notes.phrases import Phrases, stem

_UNANSWERED: Final = frozenset({InterviewStatus.IDENTIFIED, InterviewStatus.REQUESTED})


def addressees(interview: Interview, campaign: Campaign) -> tuple[Contact, ...]:
    """Those asked who may be written to. Raises InvalidValue where there is nobody, and where the request was answered already."""
    if interview.status not in _UNANSWERED:
        problem = f"is {interview.status}: it is asked for once, and there was an answer"
        raise InvalidValue("Interview", "status", problem, value=interview)
    people = tuple(map(campaign.contact, interview.contact_ids))
    writable = tuple(person for person in people if not person.do_not_contact)
    if not writable:
        raise InvalidValue("Interview", "contact_ids", "names only people who must not be contacted", value=interview)
    return writable


def request(
    name: str,
    *,
    title: str,
    subject: str,
    words: Phrases,
    people: tuple[Contact, ...],
    interview: Interview,
    campaign: Campaign,
    body: Iterable[str],
    own: str = "",
) -> Document:
    """The letter, paragraph by paragraph, to everybody at once. `own`: the explorer's words, which stand in place of it all."""
    sections = (
        (Section(key="body", title="", blocks=(Paragraph(own),)),)
        if own
        else frame(words.within("letter"), words.names(people), campaign.profile.name, map(Paragraph, filter(None, body)))
    )
    return Document(
        name=name,
        title=title,
        language=words.language,
        subject=subject,
        to=", ".join(person.emails[0] for person in people if person.emails),
        filename=stem(name, *(person.name for person in people), interview.id.hex[-8:]),
        sections=sections,
    )


def words_around(people: tuple[Contact, ...], campaign: Campaign, words: Phrases) -> int:
    """How many words the frame has: a first letter must be short as a whole."""
    letter = words.within("letter")
    me = campaign.profile.name or letter.fill_in("me.unknown")
    around = (letter.say("greeting", names=words.names(people)), letter.say("closing", me=me))
    return sum(len(part.split()) for part in around)


def exploration_of(interview: Interview, campaign: Campaign) -> Exploration | None:
    """What the talk is part of. Raises NotFound for one the campaign does not hold."""
    return campaign.exploration(interview.exploration_id) if interview.exploration_id else None
