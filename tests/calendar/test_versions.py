"""What software a calendar's bytes depend on."""

import zoneinfo
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from infoint.calendar import versions
from infoint.calendar.versions import software_revision


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    software_revision.cache_clear()
    yield
    software_revision.cache_clear()


def told() -> str:
    software_revision.cache_clear()
    revision = software_revision()
    assert revision
    return revision


def test_libraries_are_named() -> None:
    """An update that writes other bytes would be kept from subscribers."""
    assert f"icalendar {version('icalendar')}" in told()
    assert f"tzdata {version('tzdata')}" in told()
    assert told() == told()


@pytest.mark.parametrize("name", ["infoint", "icalendar", "python-dateutil", "tzdata"])
def test_an_update_is_another_revision(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, for each of them."""
    monkeypatch.setattr(versions, "version", lambda _: "1")
    before = told()
    monkeypatch.setattr(versions, "version", lambda one: "2" if one == name else "1")
    assert told() != before


def missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(one: str) -> str:
        if one == name:
            raise PackageNotFoundError(one)
        return "1"

    monkeypatch.setattr(versions, "version", look)


def test_a_library_of_unknown_version_cannot_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of unknown age would be taken for the one before."""
    missing("icalendar", monkeypatch)
    assert software_revision() is None


def test_a_copy_that_was_not_installed_is_known_by_its_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever works on infoint would be shown yesterday's calendar."""
    missing("infoint", monkeypatch)
    (tmp_path / "calendar").mkdir()
    (tmp_path / "entries.py").write_text("one")
    monkeypatch.setattr(versions, "__file__", str(tmp_path / "calendar" / "versions.py"))
    before = told()
    (tmp_path / "entries.py").write_text("two")
    assert told() != before


def test_the_systems_zones_are_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A country moves its clocks, the system is updated, and subscribers keep the old hours."""
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path), str(tmp_path / "none")))
    without = told()
    (tmp_path / "UTC").write_bytes(b"")
    by_time = told()
    (tmp_path / "+VERSION").write_text("2026b\n")
    assert f"{tmp_path} 2026b" in told()
    (tmp_path / "tzdata.zi").write_text("# version 2026c\nR ...\n")
    assert told().endswith(f"{tmp_path} # version 2026c")
    assert len({without, by_time, told()}) == 3
