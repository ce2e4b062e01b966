"""A few of each fault, in every run: that the harnesses work, and nothing gross is wrong. Many are in the files beside."""

import os
from pathlib import Path

import pytest

from infoint.storage.sqlite import SqliteStorage
from infoint.testing.faults.kills import kill_writers
from infoint.testing.faults.power_cuts import cut_power, recorded
from infoint.testing.faults.trap import why_not

URL = "sqlite:{folder}/a.db"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_few_kills() -> None:
    """SQLite loses what it acknowledged when its writer is killed."""
    toll = kill_writers(lambda folder: SqliteStorage(Path(folder, "a.db")), kills=8, seed=3)
    assert toll.nothing, str(toll)
    assert toll.faults == 8


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
def test_a_few_power_cuts(planted: str) -> None:
    """SQLite loses what it acknowledged when the power goes; or what does not sync is not convicted."""
    toll = cut_power(recorded(URL, cycles=2, rounds=3), URL, cuts=30)
    assert toll.nothing, str(toll)
    assert toll.commits == 6
    url = "replaced:{folder}/a"
    toll = cut_power(recorded(url, plugins=[planted], cycles=1, rounds=3), url, plugins=[planted], cuts=30)
    assert not toll.nothing
