"""Power cut while a storage writes: what was not synced is gone, torn or there. `INFOINT_CUTS=10000 pytest -m fault tests/faults` cuts
it more often.
"""

import random

import pytest

from infoint.testing.faults.power_cuts import Change, Disk, What, cut_power, recorded
from infoint.testing.faults.trap import why_not

pytestmark = [pytest.mark.fault, pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")]


def test_power_cut_loses_nothing_that_was_acknowledged(url: str, times: dict[str, int]) -> None:
    """A commit was acknowledged before it was safe, or what was half written cannot be told from what was whole."""
    toll = cut_power(recorded(url), url, cuts=times["cuts"])
    assert toll.nothing, str(toll)
    assert toll.commits == 24


def test_power_cut_while_the_log_is_taken_over(times: dict[str, int]) -> None:
    """The moment at which SQLite moves a long log into the file is not safe."""
    url = "sqlite:{folder}/a.db"
    changes = recorded(url, cycles=1, rounds=60, size=60_000)
    whole = sum(change.what is What.SYNC and change.path == "a.db" for change in changes)
    assert whole > 2, "the log was never taken over while rounds went on"
    toll = cut_power(changes, url, cuts=times["cuts"] // 4)
    assert toll.nothing, str(toll)


def test_power_cut_while_the_place_is_made(times: dict[str, int]) -> None:
    """A cut in the first moments leaves a file that can neither be opened nor made anew."""
    url = "sqlite:{folder}/a.db"
    changes = recorded(url, cycles=1, rounds=1)
    toll = cut_power(changes[: len(changes) // 2], url, cuts=times["cuts"])
    assert toll.nothing, str(toll)


@pytest.mark.parametrize(
    ("scheme", "cost"),
    [("sync-off", "damaged"), ("sync-off", "lost"), ("sync-normal", "lost"), ("pickled", "damaged"), ("replaced", "damaged"), ("namenotsynced", "lost")],
)  # fmt: skip  # a table
def test_fault_is_convicted(scheme: str, cost: str, planted: str) -> None:
    """The harness passes a storage that does not sync what it acknowledges."""
    url = f"{scheme}:{{folder}}/a"
    changes = recorded(url, plugins=[planted], rounds=12)
    toll = cut_power(changes, url, plugins=[planted], cuts=200)
    assert getattr(toll, cost), str(toll)


def test_sound_one_is_not_convicted(planted: str) -> None:
    """The harness finds fault with a storage that syncs contents and names."""
    url = "sound:{folder}/a"
    toll = cut_power(recorded(url, plugins=[planted]), url, plugins=[planted], cuts=200)
    assert toll.nothing, str(toll)


def test_what_was_synced_is_sure() -> None:
    """The modelled disk loses what was synced, or keeps for sure what was not."""
    disk = Disk()

    def done(what: What, path: str, other: str = "", offset: int = 0, data: bytes = b"") -> None:
        disk.apply(Change(what, path, other, offset, data))

    for name in ("sure", "nameless"):
        done(What.CREATE, name)
        done(What.WRITE, name, data=b"a" * 600)
        done(What.SYNC, name)
        if name == "sure":
            done(What.SYNC, "")
    done(What.WRITE, "sure", offset=300, data=b"b" * 1_000)
    done(What.TRUNCATE, "sure", offset=900)
    outcomes = [disk.after_a_cut(random.Random(seed)) for seed in range(200)]
    contents = {outcome["sure"] for outcome in outcomes}
    assert all(content is not None and content.startswith(b"a" * 300) and len(content) >= 600 for content in contents)
    assert len(contents) > 4, "nothing was ever torn, dropped or kept"
    assert {"nameless" in outcome for outcome in outcomes} == {True, False}
    assert all(outcome.get("nameless", b"a" * 600) == b"a" * 600 for outcome in outcomes)
    done(What.SYNC, "sure")
    done(What.RENAME, "nameless", "named")
    done(What.SYNC, "")
    assert disk.after_a_cut(random.Random(1)) == {"sure": b"a" * 300 + b"b" * 600, "named": b"a" * 600}
