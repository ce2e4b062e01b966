"""The storages that `docs/how-to/write-a-storage.md` shows: the kit passes them, as the page says, and the page names what is taken.

That its snippets run is seen to by Sybil (conftest.py).
"""

import os
import re
from inspect import isfunction
from pathlib import Path
from typing import Any, Final

import pytest

from infoint.errors import Busy, InfointError, NotFound, ReadOnly
from infoint.storage.contract import Session, Storage, StorageUrl
from infoint.testing.faults.io_errors import fail_each_call
from infoint.testing.faults.kills import kill_writers
from infoint.testing.faults.power_cuts import cut_power, recorded
from infoint.testing.faults.trap import why_not
from infoint.testing.storage_case import WORKSPACE, got, put, write
from infoint.testing.storage_contract import StorageContract

PAGE: Final = (Path(__file__).parents[2] / "docs" / "how-to" / "write-a-storage.md").read_text(encoding="utf-8")


def shown() -> str:
    """What the page's first sections define; what they do with it is left out."""
    told, _, _ = PAGE.partition("\n## Hold it to the contract\n")
    blocks = re.findall(r"^```python\n(.*?)^```$", told, re.MULTILINE | re.DOTALL)
    return "\n".join(block for block in blocks if "infoint.open(" not in block)


SHOWN: Final[dict[str, Any]] = {"__name__": __name__}
exec(shown(), SHOWN)  # noqa: S102  # our own page


class TestShelf(StorageContract):
    """The smallest one."""

    def make_storage(self, folder: Path) -> Storage:
        return SHOWN["ShelfStorage"](StorageUrl("shelf", str(folder)))  # type: ignore[no-any-return]  # as the page has it


class TestPaper(StorageContract):
    """The one that lasts."""

    def make_storage(self, folder: Path) -> Storage:
        return SHOWN["PaperStorage"](StorageUrl("paper", str(folder / "diary.json")))  # type: ignore[no-any-return]  # as above


def test_paper_refuses_what_it_did_not_write(tmp_path: Path) -> None:
    """The page's storage takes another program's file for its own, or ends in a native error."""
    test = TestPaper()
    storage = test.make_storage(tmp_path)
    for content, code in (
        ("{}", "not-ours"),
        ('{"paper": 2, "new": 1}', "format-too-new"),
        ('{"paper": 1, "sheets": [', "corrupt"),
    ):
        (tmp_path / "diary.json").write_text(content)
        with pytest.raises(InfointError) as caught:
            storage.open(create=True)
        assert caught.value.code == code
        with pytest.raises(ReadOnly):
            put(storage, write(1))
        assert (tmp_path / "diary.json").read_text() == content
    with pytest.raises(NotFound):
        test.make_storage(tmp_path / "nowhere").open(create=True)


@pytest.mark.parametrize("in_the_way", ["diary.json.new", "diary.json"])
def test_failed_write_changes_nothing(tmp_path: Path, in_the_way: str) -> None:
    """The page's storage tells afterwards of what it could not write, or could not put in its place."""
    test, place = TestPaper(), tmp_path / in_the_way
    with test.opened(tmp_path) as storage:
        put(storage, write(1))
        (tmp_path / "diary.json").rename(tmp_path / "away")
        place.mkdir()
        with pytest.raises(InfointError):
            put(storage, write(2))
        place.rmdir()
        (tmp_path / "away").rename(tmp_path / "diary.json")
        assert got(storage, 2) is None
        assert put(storage, write(3))[0].seq == 2
    with test.opened(tmp_path, create=False) as storage:
        assert [got(storage, number) is not None for number in (1, 2, 3)] == [True, False, True]


def test_closed_paper_is_not_written_to(tmp_path: Path) -> None:
    """The page's storage, closed, goes on writing over what the next one is told is kept."""
    test = TestPaper()
    with test.opened(tmp_path) as storage:
        put(storage, write(1))
    with test.opened(tmp_path) as other:
        put(other, write(2))
        with pytest.raises(ReadOnly):
            put(storage, write(3))
        with pytest.raises(ReadOnly):
            storage.drop_workspace(WORKSPACE)
        assert got(other, 2) is not None


def test_reader_needs_no_lock(tmp_path: Path) -> None:
    """Whoever only reads would keep the writer out, or be kept out."""
    test = TestPaper()
    with test.opened(tmp_path) as storage, test.opened(tmp_path, read_only=True) as reader:
        put(storage, write(1))
        assert got(reader, 1) is not None
        with pytest.raises(Busy):
            test.make_storage(tmp_path).open()


# ── broken on purpose ────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page's storage as a plugin that other processes can name too."""
    made = "storages_of_the_page"
    (tmp_path / f"{made}.py").write_text(
        f"{shown()}\n@hookimpl\ndef infoint_register_storages(storages):\n    storages.add('paper', PaperStorage)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    return made


@pytest.mark.fault
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_paper_outlives_its_writers() -> None:
    """The page's storage calls itself durable, and loses a commit when a writer is killed."""
    toll = kill_writers(TestPaper().make_storage, kills=50)
    assert toll.nothing, str(toll)
    assert toll.commits > 50


@pytest.mark.fault
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
def test_paper_outlives_power_and_disk(installed: str) -> None:
    """As above, when the power goes, or the disk fails: what was half written is taken for whole, or what failed for done."""
    url = "paper:{folder}/diary.json"
    toll = cut_power(recorded(url, plugins=[installed]), url, plugins=[installed], cuts=100)
    assert toll.nothing, str(toll)
    cost = fail_each_call(url, plugins=[installed])
    assert cost.calls > 50
    assert not cost.wrong


def test_taken_names_are_told() -> None:
    """An author gives a method a name that infoint calls with another meaning, and the page did not say so."""
    rows = {row.split("|")[1].strip(): set(re.findall(r"`(\w+)`", row)) for row in PAGE.splitlines() if row.startswith("| a s")}
    for kind, row in ((Storage, "a storage"), (Session, "a session")):
        taken = {
            name for name, value in vars(kind).items() if not name.startswith("_") and (isfunction(value) or kind is Storage)
        }
        assert rows[row] - {"Unsupported"} == taken
