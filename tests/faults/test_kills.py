"""Writers killed at random points, while they open a place or commit to it. `INFOINT_KILLS=10000 pytest -m fault tests/faults` kills
more of them.
"""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from infoint.storage import Storage
from infoint.testing.faults.kills import kill_writers
from infoint.testing.storage_places import Places

pytestmark = [pytest.mark.fault, pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")]


def of(url: str, *plugins: object) -> Callable[[Path], Storage]:
    return Places(url, plugins, strict=False).storage


def test_killed_writer_loses_nothing_it_acknowledged(url: str, times: dict[str, int]) -> None:
    """A kill in the middle of a commit took an acknowledged one with it, left half of one, or damaged the place."""
    toll = kill_writers(of(url), kills=times["kills"])
    assert toll.nothing, str(toll)
    assert toll.faults == times["kills"]
    assert toll.commits > 2 * toll.faults, "the writers hardly came to write"


@pytest.mark.parametrize(("scheme", "cost"), [("pickled", "damaged"), ("late", "lost")])
def test_fault_is_convicted(scheme: str, cost: str, planted: str) -> None:
    """The harness passes a storage that a kill leaves damaged, or that acknowledges what it has not written."""
    plugin = import_module(planted.partition(":")[0]).plugin
    toll = kill_writers(of(f"{scheme}:{{folder}}/a", plugin), kills=60)
    assert getattr(toll, cost), str(toll)


def test_sound_one_is_not_convicted(planted: str) -> None:
    """The harness finds fault with a storage that writes as it should."""
    plugin = import_module(planted.partition(":")[0]).plugin
    toll = kill_writers(of("sound:{folder}/a", plugin), kills=30)
    assert toll.nothing, str(toll)


def test_writer_that_fails_by_itself_is_no_success() -> None:
    """A storage that cannot be written at all loses nothing."""
    with pytest.raises(AssertionError, match="failed by itself"):
        kill_writers(of("sqlite:/no/such/folder/a.db"), kills=5)
