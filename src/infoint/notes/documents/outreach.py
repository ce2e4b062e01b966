"""The first letter to somebody: how one came to them, who one is, what one would like to learn, and a question they can say yes to
(practice §9). It asks for advice, never for a job: that is `employment_request`'s, later and openly.
"""

from collections.abc import Mapping
from typing import Final

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import ReferralKind
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import identified
from infoint.model.interview import Interview, Purpose
from infoint.notes.contract import Document
from infoint.notes.documents.phrases import names
from infoint.notes.documents.request_letter import (
    about,
    addressees,
    exploration_of,
    formats,
    length,
    request,
    words_around,
)
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.referral_tree import ReferralEdge, referral_tree
from infoint.practice.review import OUTREACH_WORDS

_WORDING: Final[Mapping[str, str]] = {
    "title": "Request to {names}",
    "fill-in": "[…{what}…]",
    "subject": "May I ask you about {about}?",
    "subject.referred": "{giver} suggested that I write to you",
    # how one came to them; what is not known of it is left to fill in
    "came.name": "{giver} suggested that I write to you.",
    "came.redirect": "{giver} thought you would be the right person to ask, and suggested that I write to you.",
    "came.introduction": "{giver} suggested that I write to you, and kindly offered to introduce us.",
    "came.giver.organization": "{giver} ({organization})",
    "came.alumni": "I have your name from our alumni association.",
    "came.professional-body": "I have your name from our professional association.",
    "came.former-colleague": "I have your name from […the colleague you know them by…].",
    "came.family-or-friend": "I have your name from […who of your family or friends knows them…].",
    "came.referral": "I have your name from […who named them…].",
    "came.instructor": "I have your name from […the teacher who named them…].",
    "came.online": "I came across your name in […where you read of them, and what caught your eye…].",
    "came.event": "I came across your name at […the event…].",
    "came.unknown": "how you come to write to them",
    "me.unknown": "who you are, in a sentence",
    # what one would like to learn, from where they stand
    "learn": "I am learning about {about}, and would like to hear how you see it.",
    "learn.as": "I am learning about {about}, and would like to hear how you see it as {title}.",
    "learn.at": "I am learning about {about}, and would like to hear how you see it at {organization}.",
    "learn.unknown": "I would like to learn what your work is like.",
    "ask": "Would you have {length} in the coming weeks, {formats}?",
    "advice": "I am after advice, not a job, and would send you my questions beforehand{resume}.",
    "resume.on-request": ", my résumé on request",
    "resume.enclosed": "; I enclose my résumé, so that you know who is asking",
    "resume.left-out": "",
}
"""All that the letter says, by part; the words in braces are filled in."""


def outreach(interview: Interview, campaign: Campaign, *, policy: Policy | None = None) -> Document:
    """The request for an informational talk, to everybody who is asked and may be written to. The explorer's own draft of a request
    to the person named, where there is one, stands in place of ours. The introduction is the profile's; one that would make the
    letter longer than people read (100 words) is left to put in a sentence. `policy.resume` says what becomes of the résumé.

    Raises InvalidValue for a talk about employment, for one that was answered already, and where nobody may be written to;
    MissingId; NotFound for what the campaign does not hold.
    """
    if identified(interview).purpose is Purpose.EMPLOYMENT:
        problem = "is employment: employment_request(interview, campaign) asks for such a talk, openly"
        raise InvalidValue("Interview", "purpose", problem, value=interview)
    people = addressees(interview, campaign)
    referred = _way_to(people, campaign)
    subject = "subject.referred" if referred and referred.giver else "subject"
    giver = referred.giver.name if referred and referred.giver else ""
    return request(
        "outreach",
        title=_say("title", names=names(people)),
        subject=_say(subject, about=about(exploration_of(interview, campaign)), giver=giver),
        people=people,
        interview=interview,
        campaign=campaign,
        body=_body(people, _came(people, referred), interview, campaign, policy_or_default(policy)),
        own=_own_draft(people, campaign),
    )


def _say(key: str, **words: str) -> str:
    return _WORDING[key].format(**words)


def _fill_in(key: str) -> str:
    return _say("fill-in", what=_say(key))


def _body(people: tuple[Contact, ...], came: str, interview: Interview, campaign: Campaign, policy: Policy) -> tuple[str, ...]:
    learn = _learn(people, exploration_of(interview, campaign))
    advice = _say("advice", resume=_say(f"resume.{policy.resume}"))
    ask = f"{_say('ask', length=length(interview.duration), formats=formats(interview))} {advice}"
    me = " ".join(campaign.profile.introduction.split())
    count = words_around(people, campaign) + sum(len(part.split()) for part in (came, me, learn, ask))
    if not me or count > OUTREACH_WORDS:
        me = _fill_in("me.unknown")
    return (f"{came} {me}", learn, ask)


# ── the connection ───────────────────────────────────────────────────────────────────────────────
def _way_to(people: tuple[Contact, ...], campaign: Campaign) -> ReferralEdge | None:
    """By whom all of them were named; None where they were not, or not all by one."""
    tree = tuple(referral_tree(campaign))
    ways = [_named_by(person, tree) for person in people]
    first = ways[0]
    return first if first and all(way and way.giver_id == first.giver_id for way in ways) else None


def _named_by(person: Contact, tree: tuple[ReferralEdge, ...]) -> ReferralEdge | None:
    edges = [edge for edge in tree if edge.contact and edge.contact.id == person.id and edge.giver]
    # Whoever the contact names comes first; of the others whoever spoke of them last, whose word is fresh.
    return max(
        edges,
        key=lambda edge: (edge.giver_id == person.referred_by, bool(edge.given_at), edge.given_at, edge.giver_id),
        default=None,
    )


def _came(people: tuple[Contact, ...], referred: ReferralEdge | None) -> str:
    if referred and referred.giver:
        giver = referred.giver
        known = _say("came.giver.organization", giver=giver.name, organization=giver.organization) if giver.organization else ""
        kind = referred.introductions[-1].referral.kind if referred.introductions else ReferralKind.NAME
        return _say(f"came.{kind}", giver=known or giver.name)
    sources = {person.source for person in people}
    key = f"came.{next(iter(sources))}" if len(sources) == 1 else ""
    return _say(key) if key in _WORDING else _fill_in("came.unknown")


def _learn(people: tuple[Contact, ...], study: Exploration | None) -> str:
    if study is None:
        return _say("learn.unknown")
    title = people[0].title if len(people) == 1 else ""
    organization = people[0].organization if len(people) == 1 and people[0].organization != study.subject else ""
    key = "learn.at" if organization else "learn.as" if title else "learn"
    return _say(key, about=about(study), title=title, organization=organization)


def _own_draft(people: tuple[Contact, ...], campaign: Campaign) -> str:
    """What the explorer has written to the person named. To several at once it was not."""
    if len(people) > 1:
        return ""
    to_them = (
        one for one in campaign.follow_ups if one.kind == FollowUpKind.CONTACT_REFERRAL and one.contact_id == people[0].id
    )
    return next((one.draft for one in to_them if one.draft.strip()), "")
