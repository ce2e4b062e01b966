"""What letters say of the talk they ask for: what it is about, how long it takes and how it may be held. The texts are the letter's, in
every document alike.
"""

from datetime import timedelta

from infoint.model.exploration import Exploration
from infoint.model.interview import Interview
from infoint.model.meeting import MeetingFormat
from infoint.notes.phrases import Phrases


def about(exploration: Exploration | None, words: Phrases) -> str:
    """As in: the role of a UX researcher."""
    if exploration is None:
        return words.within("letter").say("about.unknown")
    return words.within("letter").say(f"about.{exploration.scope}", subject=exploration.subject)


def length(duration: timedelta, words: Phrases) -> str:
    """As in: half an hour."""
    minutes, letter = duration // timedelta(minutes=1), words.within("letter")
    key = f"length.{minutes}"
    return letter.say(key) if key in letter else letter.say("length.other", minutes=str(minutes))


def offered_formats(interview: Interview | None, words: Phrases) -> str:
    """As in: in person or by video. Where nothing was said all are offered."""
    offered = (interview.formats_offered if interview else None) or frozenset(MeetingFormat)
    return words.listed((words.within("letter").say(f"format.{one}") for one in MeetingFormat if one in offered), "or")


def formats(interview: Interview, words: Phrases) -> str:
    """As in: in person or by video, as you like best. Where one was offered, there is no choice."""
    told = offered_formats(interview, words)
    return told if len(interview.formats_offered) == 1 else words.within("letter").say("format.choice", formats=told)
