"""What a follow-up's status goes together with (practice §2, §7)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from infoint.errors import InvalidValue
from infoint.model import FollowUp, FollowUpKind, FollowUpStatus

AT = datetime(2026, 12, 1, tzinfo=UTC)


def follow_up(**facts: Any) -> FollowUp:
    return FollowUp(kind=FollowUpKind.NUDGE, due=date(2026, 12, 1), **facts)


@pytest.mark.parametrize("status", [FollowUpStatus.DONE, FollowUpStatus.WAIVED])
def test_settled_ones_say_when(status: FollowUpStatus) -> None:
    """Planning could not tell whether it was settled before or after its anchor."""
    assert follow_up(status=status, settled_at=AT, reason="they wrote first").settled_at == AT
    with pytest.raises(InvalidValue, match=r"FollowUp\.settled_at: is needed when it is done or waived"):
        follow_up(status=status, reason="they wrote first")


@pytest.mark.parametrize("status", [FollowUpStatus.OPEN, FollowUpStatus.OBSOLETE])
def test_others_were_never_settled(status: FollowUpStatus) -> None:
    """A thing to do would look done."""
    assert follow_up(status=status).settled_at is None
    with pytest.raises(InvalidValue, match=rf"FollowUp\.settled_at: has no meaning while it is {status}"):
        follow_up(status=status, settled_at=AT)


def test_waived_with_a_reason() -> None:
    """An obligation would vanish without a word."""
    with pytest.raises(InvalidValue, match=r"FollowUp\.reason: is needed to waive something"):
        follow_up(status=FollowUpStatus.WAIVED, settled_at=AT, reason=" ")
    assert follow_up(status=FollowUpStatus.DONE, settled_at=AT).reason == ""
