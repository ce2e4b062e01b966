"""What letters say of the talk they ask for: who asks, what it is about, how long it takes and how it may be held. The texts are the
same in every document.
"""

from datetime import timedelta

from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.meeting import MeetingFormat
from infoint.model.profile import Profile
from infoint.notes.phrases import Phrases


def who_asks(profile: Profile, room: int, words: Phrases) -> str:
    """The profile's introduction, where there is `room` (words) for it; else it is left to fill in, in a sentence."""
    introduction = profile.introduction.split()
    return " ".join(introduction) if 0 < len(introduction) <= room else words.within("outreach").fill_in("me.unknown")


def about(exploration: Exploration | None, words: Phrases) -> str:
    """As in: the role of a UX researcher."""
    if exploration is None:
        return words.within("letter").say("about.unknown")
    return words.within("letter").say(f"about.{exploration.scope}", subject=exploration.subject)


def looking(exploration: Exploration | None, words: Phrases) -> str:
    """As in: I am looking for work as a UX researcher. Only where the talk is about employment, which is said openly."""
    request = words.within("employment-request")
    if exploration is None:
        return request.say("looking.unknown")
    return request.say(f"looking.{exploration.scope}", subject=exploration.subject)


def length(duration: timedelta, words: Phrases) -> str:
    """As in: half an hour."""
    minutes, letter = duration // timedelta(minutes=1), words.within("letter")
    key = f"length.{minutes}"
    return letter.say(key) if key in letter else letter.say("length.other", minutes=str(minutes))


def offered_formats(interview: Interview | None, words: Phrases) -> str:
    """As in: in person or by video. What is agreed, else what was offered; where nothing was said all are."""
    open_ones = _open_formats(interview)
    return words.listed((words.within("letter").say(f"format.{one}") for one in MeetingFormat if one in open_ones), "or")


def formats(interview: Interview | None, words: Phrases) -> str:
    """As in: in person or by video, as you like best. Where one is agreed, or one was offered, there is no choice."""
    told = offered_formats(interview, words)
    return told if len(_open_formats(interview)) == 1 else words.within("letter").say("format.choice", formats=told)


def _open_formats(interview: Interview | None) -> frozenset[MeetingFormat]:
    if interview and interview.meeting and interview.story.stands:
        return frozenset({interview.meeting.format})
    return (interview.formats_offered if interview else None) or frozenset(MeetingFormat)
