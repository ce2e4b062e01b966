"""Every call to the system fails once: with EIO, with a full disk, once or for good, or writes half."""

import pytest

from infoint.testing.faults.io_errors import MODES, OPERATIONS, fail_each_call
from infoint.testing.faults.trap import why_not

pytestmark = [pytest.mark.fault, pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")]


def test_failing_disk_loses_nothing_that_was_acknowledged(url: str) -> None:
    """A disk that fails ends in a native error, in a loss, in damage, in a commit that is there though it was refused, or in a storage
    that is of no use when the disk is sound again.
    """
    cost = fail_each_call(url)
    assert not cost.wrong, str(cost)
    assert cost.calls > 100, "hardly a call failed"


@pytest.mark.parametrize(
    ("scheme", "operation", "wrong"),
    [("pickled", "commit", "native error"), ("pickled", "commit", "damaged"), ("deaf", "commit", "lost"), ("anxious", "commit", "kept though refused"), ("piecemeal", "drop", "damaged")],
)  # fmt: skip  # a table
def test_fault_is_convicted(scheme: str, operation: str, wrong: str, planted: str) -> None:
    """The harness passes a storage that lets native errors out, acknowledges what failed, or calls failed what happened."""
    cost = fail_each_call(f"{scheme}:{{folder}}/a", plugins=[planted], operations=[operation])
    assert wrong in cost.wrong, str(cost)


def test_every_way_to_fail_is_tried() -> None:
    """A way in which disks fail was taken out, and nobody noticed."""
    assert {str(mode) for mode in MODES} == {
        "EIO at call",
        "EIO from call",
        "ENOSPC at call",
        "ENOSPC from call",
        "half a write",
    }
    assert set(OPERATIONS) == {"create", "open", "commit", "read", "close", "load", "erase", "drop", "backup"}
