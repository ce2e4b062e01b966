"""How far an exploration has got: still asking, decided, or over. Who is to hear of it is `follow_up_rule`'s."""

from infoint.closed_name import ClosedName
from infoint.model.exploration import Exploration


class Course(ClosedName):
    """Where the search stands. Closed: each is read off the exploration."""

    DECIDING = "deciding"
    """No decision yet."""
    PURSUE = "pursue"
    RULE_OUT = "rule-out"
    KEEP_OPEN = "keep-open"
    ENDED = "ended"
    """The explorer has found what was looked for, or looks no further."""


def course_of(exploration: Exploration) -> Course:
    """Read off the exploration: its end, else its decision."""
    if exploration.search_ended_at is not None:
        return Course.ENDED
    return Course(exploration.decision.outcome) if exploration.decision else Course.DECIDING
