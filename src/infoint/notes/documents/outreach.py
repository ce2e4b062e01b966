"""The first letter to somebody: how one came to them, who one is, what one would like to learn, and a question they can say yes to
(practice §9). It asks for advice, never for a job: that is `employment_request`'s, later and openly.
"""

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import ReferralKind
from infoint.model.exploration import Exploration
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import identified
from infoint.model.interview import Interview, Purpose
from infoint.notes.contract import Document
from infoint.notes.documents.letters.asked_for import about, length, offered_formats, who_asks
from infoint.notes.documents.request_letter import addressees, exploration_of, request, words_around
from infoint.notes.phrases import Phrases
from infoint.notes.wordings import Wordings
from infoint.practice.policy import Policy, policy_or_default
from infoint.practice.referral_tree import ReferralEdge, referral_tree
from infoint.practice.review import OUTREACH_WORDS


def outreach(
    interview: Interview, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> Document:
    """The request for an informational talk, to everybody who is asked and may be written to. The explorer's own draft of a request
    to the person named, where there is one, stands in place of ours. The introduction is the profile's; one that would make the
    letter longer than people read (100 words) is left to put in a sentence. `policy.resume` says what becomes of the résumé.
    `wordings`: others than those shipped for the explorer's language.

    Raises InvalidValue for a talk about employment, for one that was answered already, and where nobody may be written to;
    MissingId; NotFound for what the campaign does not hold.
    """
    if identified(interview).purpose is Purpose.EMPLOYMENT:
        problem = "is employment: employment_request(interview, campaign) asks for such a talk, openly"
        raise InvalidValue("Interview", "purpose", problem, value=interview)
    words = Phrases.of("outreach", campaign, wordings)
    people = addressees(interview, campaign)
    referred = _way_to(people, campaign)
    subject = "subject.referred" if referred and referred.giver else "subject"
    giver = referred.giver.name if referred and referred.giver else ""
    came = _came(words, people, referred)
    ask = _ask(interview, policy_or_default(policy), words)
    room = OUTREACH_WORDS - words_around(people, campaign, words) - _length(came) - _length(ask)
    learn = _learn(words, people, exploration_of(interview, campaign), room - _length(words.fill_in("me.unknown")))
    return request(
        "outreach",
        title=words.say("title", names=words.names(people)),
        subject=words.say(subject, about=about(exploration_of(interview, campaign), words), giver=giver),
        words=words,
        people=people,
        interview=interview,
        campaign=campaign,
        body=(f"{came} {who_asks(campaign.profile, room - _length(learn), words)}", learn, ask),
        own=_own_draft(people, campaign),
    )


def _ask(interview: Interview, policy: Policy, words: Phrases) -> str:
    ask = words.say("ask", length=length(interview.duration, words), formats=offered_formats(interview, words))
    return f"{ask} {words.say(f'advice.{policy.resume}')}"


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


def _came(words: Phrases, people: tuple[Contact, ...], referred: ReferralEdge | None) -> str:
    if referred and referred.giver:
        giver = referred.giver
        known = (
            words.say("came.giver.organization", giver=giver.name, organization=giver.organization)
            if giver.organization
            else ""
        )
        kind = referred.introductions[-1].referral.kind if referred.introductions else ReferralKind.NAME
        return words.say(f"came.{kind}", giver=known or giver.name)
    sources = {person.source for person in people}
    key = f"came.{next(iter(sources))}" if len(sources) == 1 else ""
    return words.say(key) if key in words else words.fill_in("came.unknown")


def _length(text: str) -> int:
    """In words."""
    return len(text.split())


def _learn(words: Phrases, people: tuple[Contact, ...], study: Exploration | None, room: int) -> str:
    """As what or where they see it is told as far as there is `room` (words): they know it themselves."""
    if study is None:
        return words.say("learn.unknown")
    title = people[0].title if len(people) == 1 else ""
    organization = people[0].organization if len(people) == 1 and people[0].organization != study.subject else ""
    key = "learn.at" if organization else "learn.as" if title else "learn"
    told = words.say(key, about=about(study, words), title=title, organization=organization)
    return told if _length(told) <= room else words.say("learn", about=about(study, words))


def _own_draft(people: tuple[Contact, ...], campaign: Campaign) -> str:
    """What the explorer has written to the person named. To several at once it was not."""
    if len(people) > 1:
        return ""
    to_them = (
        one for one in campaign.follow_ups if one.kind == FollowUpKind.CONTACT_REFERRAL and one.contact_id == people[0].id
    )
    return next((one.draft for one in to_them if one.draft.strip()), "")
