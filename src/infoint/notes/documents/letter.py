"""Drafts of the messages that follow-ups ask for (practice §9). What nobody has noted yet is left to fill in, in square brackets;
nothing is made up, and no letter asks for a job. When which letter is due is the practice's affair; nothing is sent.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from infoint.errors import InvalidValue
from infoint.model.campaign import Campaign
from infoint.model.follow_up import FollowUp, FollowUpKind
from infoint.model.identity import identified
from infoint.notes.contract import Block, Document, Paragraph, Section
from infoint.notes.documents.letters.asking import confirm, contact_referral, giver_of, meeting_agreed, nudge, pick_time
from infoint.notes.documents.letters.case import Case, case_of, was_held
from infoint.notes.documents.letters.telling import (
    by_hand,
    decision_news,
    keep_in_touch,
    keep_promise,
    other,
    progress,
    report_back,
)
from infoint.notes.documents.letters.thanking import thank_lead, thank_you
from infoint.notes.phrases import Phrases, stem
from infoint.notes.wordings import Wordings
from infoint.practice.meeting_times import Slot
from infoint.practice.policy import Policy, policy_or_default

_NO_LETTER: Final[Mapping[FollowUpKind, str]] = {
    FollowUpKind.PREPARE: "prep_sheet(interview, campaign) is what it asks for",
    FollowUpKind.DEBRIEF: "debrief_record(interview, campaign) is what it asks for",
    FollowUpKind.ARRIVE: "it is an alarm, which the calendar rings",
    FollowUpKind.GIVE_UP: "it asks for an event: record GaveUp, or what came instead",
    FollowUpKind.ALTERNATE: "it asks for a talk with somebody else: plan that one",
    FollowUpKind.AWAIT_PROMISE: "it asks you to look whether something has come",
}
_WRITERS: Final[Mapping[FollowUpKind, Callable[[Case], Iterator[Block]]]] = {
    FollowUpKind.NUDGE: nudge,
    FollowUpKind.PICK_TIME: pick_time,
    FollowUpKind.CONFIRM: confirm,
    FollowUpKind.THANK_YOU: thank_you,
    FollowUpKind.CONTACT_REFERRAL: contact_referral,
    FollowUpKind.REPORT_BACK: report_back,
    FollowUpKind.KEEP_IN_TOUCH: keep_in_touch,
    FollowUpKind.SHARE_ARTICLE: by_hand,
    FollowUpKind.ASK_ADVICE: by_hand,
    FollowUpKind.GIVE_BACK: by_hand,
    FollowUpKind.PROGRESS: progress,
    FollowUpKind.UPDATE: by_hand,
    FollowUpKind.DECISION_NEWS: decision_news,
    FollowUpKind.KEEP_PROMISE: keep_promise,
    FollowUpKind.THANK_LEAD: thank_lead,
}
"""Each gives what stands between greeting and closing."""


def letter(
    follow_up: FollowUp,
    campaign: Campaign,
    *,
    times: Iterable[Slot] = (),
    policy: Policy | None = None,
    wordings: Wordings | None = None,
) -> Document:
    """The draft that the follow-up's kind asks for, to whom it concerns, in the explorer's name and language. `draft`, where the explorer
    has written one, stands in place of ours. `times`: what a PICK_TIME letter offers, as `practice.propose_times` finds it; told on
    the clocks of both. Without them the times are left to fill in. `policy.resume` says what becomes of the résumé in a first
    letter. `wordings`: others than those shipped for the language.

    A kind of an app or a plugin, which says nothing about itself here, gets the frame of a letter with its summary to fill in:
    whoever lists such follow-ups can print them all. Raises InvalidValue for one that is no message to somebody (PREPARE,
    DEBRIEF, ARRIVE, GIVE_UP, ALTERNATE, AWAIT_PROMISE; `policy.reaches_out(kind)` tells), that names nobody, that is to somebody who must not be
    contacted, or that confirms a meeting there is not; MissingId; NotFound for what the campaign does not hold.
    """
    kind, own = identified(follow_up).kind, follow_up.draft
    if kind in _NO_LETTER:
        raise InvalidValue("FollowUp", "kind", f"{kind} asks for no letter: {_NO_LETTER[kind]}", value=follow_up)
    case = case_of(follow_up, campaign, Phrases.of("letter", campaign, wordings), times, policy=policy_or_default(policy))
    return Document(
        name="letter",
        title=_title(case),
        language=case.words.language,
        subject=_subject(case),
        to=", ".join(one.email for one in case.to if one.email),
        filename=stem(str(kind), *(one.name for one in case.to), follow_up.id.hex[-8:]),
        sections=(Section(key="body", title="", blocks=(Paragraph(own),)),) if own.strip() else _sections(case),
    )


def frame(words: Phrases, names: str, me: str, body: Iterable[Block]) -> tuple[Section, ...]:
    """Greeting, body and closing, as every letter has them."""
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("greeting", (Paragraph(words.say("greeting", names=names)),)),
        ("body", tuple(body)),
        ("closing", (Paragraph(words.say("closing", me=me or words.fill_in("me.unknown"))),)),
    )
    return tuple(Section(key=key, title="", blocks=blocks) for key, blocks in parts)


def _sections(case: Case) -> tuple[Section, ...]:
    return frame(case.words, case.names, case.campaign.profile.name, _WRITERS.get(case.follow_up.kind, other)(case))


def _title(case: Case) -> str:
    kind = case.follow_up.kind
    key = f"title.{kind}"
    return case.words.say(key if key in case.words else "title.other", label=case.words.label(kind), names=case.names)


def _subject(draft: Case) -> str:
    kind = draft.follow_up.kind
    if kind not in _WRITERS:
        return draft.words.fill_in("other.subject")
    fields = {"about": draft.about, **draft.asked_for(draft.interview)}
    unknown = False
    match kind:
        case FollowUpKind.NUDGE:
            fields = draft.of_the_talk
        case FollowUpKind.CONFIRM:
            fields["day"] = draft.weekday(meeting_agreed(draft).start)
        case FollowUpKind.CONTACT_REFERRAL:
            giver = giver_of(draft)
            fields["giver"], unknown = giver.name if giver else "", giver is None
        case FollowUpKind.REPORT_BACK:
            fields["referral"] = draft.introduction.referral.name if draft.introduction else ""
            unknown = draft.introduction is None
        case FollowUpKind.KEEP_IN_TOUCH:
            unknown = not was_held(draft.interview)
    return draft.words.say(f"{kind}.subject{'.unknown' if unknown else ''}", **fields)
