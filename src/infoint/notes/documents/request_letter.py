"""What letters have in common that ask for a talk: whom they go to, what the talk is about, how long it takes and how it may be held,
and what stands around it all. What each asks is its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.exploration import Exploration
from infoint.model.interview import Interview, InterviewStatus
from infoint.model.meeting import MeetingFormat
from infoint.notes.contract import Document, Paragraph, Section
from infoint.notes.documents.phrases import listed, names, stem

_WORDING: Final[Mapping[str, str]] = {
    "greeting": "Dear {names},",
    "closing": "Kind regards,\n{me}",
    "me.unknown": "[…your name…]",
    # what the talk is about: "learning about …"
    "about.field": "{subject}",
    "about.organization": "working at {subject}",
    "about.role": "the role of {subject}",
    "about.unknown": "your work",
    "format.in-person": "in person",
    "format.video": "by video",
    "format.phone": "by phone",
    "formats": "{formats}, as you like best",
    "length.30": "half an hour",
    "length.60": "an hour",
    "length.other": "{minutes} minutes",
}
"""All that the frame says; the words in braces are filled in."""

_UNANSWERED: Final = frozenset({InterviewStatus.IDENTIFIED, InterviewStatus.REQUESTED})


def _say(key: str, **words: str) -> str:
    return _WORDING[key].format(**words)


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
    people: tuple[Contact, ...],
    interview: Interview,
    campaign: Campaign,
    body: Iterable[str],
    own: str = "",
) -> Document:
    """The letter, paragraph by paragraph, to everybody at once. `own`: the explorer's words, which stand in place of it all."""
    me = campaign.profile.name or _say("me.unknown")
    parts: tuple[tuple[str, tuple[str, ...]], ...] = (
        (("body", (own,)),)
        if own
        else (
            ("greeting", (_say("greeting", names=names(people)),)),
            ("body", tuple(filter(None, body))),
            ("closing", (_say("closing", me=me),)),
        )
    )
    return Document(
        name=name,
        title=title,
        language="en",
        subject=subject,
        to=", ".join(person.emails[0] for person in people if person.emails),
        filename=stem(name, *(person.name for person in people), interview.id.hex[-8:]),
        sections=tuple(Section(key=key, title="", blocks=tuple(map(Paragraph, told))) for key, told in parts),
    )


def words_around(people: tuple[Contact, ...], campaign: Campaign) -> int:
    """How many words the frame has: a first letter must be short as a whole."""
    frame = (_say("greeting", names=names(people)), _say("closing", me=campaign.profile.name or _say("me.unknown")))
    return sum(len(part.split()) for part in frame)


def exploration_of(interview: Interview, campaign: Campaign) -> Exploration | None:
    """What the talk is part of. Raises NotFound for one the campaign does not hold."""
    return campaign.exploration(interview.exploration_id) if interview.exploration_id else None


def about(exploration: Exploration | None) -> str:
    """As in: the role of a UX researcher."""
    if exploration is None:
        return _say("about.unknown")
    return _say(f"about.{exploration.scope}", subject=exploration.subject)


def length(duration: timedelta) -> str:
    """As in: half an hour."""
    minutes = duration // timedelta(minutes=1)
    key = f"length.{minutes}"
    return _say(key) if key in _WORDING else _say("length.other", minutes=str(minutes))


def formats(interview: Interview) -> str:
    """As in: in person or by video, as you like best. Where nothing was said all are offered; where one was, there is no choice."""
    offered = interview.formats_offered or frozenset(MeetingFormat)
    told = listed(tuple(_in_order(offered)), "or")
    return _say("formats", formats=told) if len(offered) > 1 else told


def _in_order(offered: frozenset[MeetingFormat]) -> Iterator[str]:
    return (_say(f"format.{one}") for one in MeetingFormat if one in offered)
