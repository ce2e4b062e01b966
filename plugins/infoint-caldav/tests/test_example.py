"""The script for cron, as it is started."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("infoint_caldav", reason="infoint-caldav is tested in an environment of its own, with its dependencies")

import infoint_caldav
from infoint_caldav import CalendarServer, calendar_named, read_state

import infoint
from infoint import Contact, MeetingFormat, Profile

PASSWORD = "correct horse battery"
SCRIPT = Path(__file__).parents[3] / "examples" / "push_to_caldav.py"


def run(*arguments: str, password: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "CALDAV_PASSWORD": password},
    )


def campaign(path: Path) -> None:
    """One talk, agreed on."""
    with infoint.open(f"sqlite:{path}", zone="America/Chicago", clock=lambda: datetime(2026, 12, 2, 15, tzinfo=UTC)) as ws:
        ws.set_profile(Profile(name="Kim Doe", zone="America/Chicago"))
        ana = ws.contacts.add(Contact(name="Ana Ruiz", emails=["ana@oak.example"]), external_id="ana")
        talk = ws.interviews.request(ws.interviews.plan(ana), at=datetime(2026, 12, 1, 9, tzinfo=UTC))
        start = datetime(2026, 12, 8, 16, tzinfo=UTC)
        ws.interviews.schedule(talk, start, format=MeetingFormat.PHONE, at=datetime(2026, 12, 2, 8, tzinfo=UTC))


def test_push_to_caldav(running: Any, connected: Callable[..., CalendarServer], tmp_path: Path) -> None:
    """The script that people copy would not run, write everything anew each night, or hide what went wrong from cron."""
    database = tmp_path / "interviews.db"
    campaign(database)
    arguments = (str(database), running.url, "kim", f"Talks {tmp_path.name}")
    first = run(*arguments, password=PASSWORD)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.endswith(" created\n")
    again = run(*arguments, password=PASSWORD)
    assert (again.returncode, again.stdout) == (0, first.stdout.replace("created", "unchanged"))

    calendar = calendar_named(connected(running.url), f"Talks {tmp_path.name}")
    uid, pushed = next(iter(read_state(database.with_suffix(".caldav.json")).resources.items()))
    assert calendar.delete(pushed.href, etag=pushed.etag).status < 300
    changed = run(*arguments, password=PASSWORD)
    assert changed.returncode == 1
    assert f"{uid}: deleted on the server" in changed.stderr

    nowhere = run(str(database), "http://oak.example/", "kim", password=PASSWORD)
    assert nowhere.returncode == 2
    assert nowhere.stderr.startswith("not pushed: ")
    assert PASSWORD not in nowhere.stderr
    assert run(password=PASSWORD).returncode == 1

    mistyped = tmp_path / "nope.db"
    assert run(str(mistyped), *arguments[1:], password=PASSWORD).returncode == 2
    assert not mistyped.exists(), "an empty calendar would be pushed from then on"


@pytest.mark.parametrize("page", ["plugins/infoint-caldav/README.md", "docs/how-to/push-to-caldav.md"])
def test_what_the_pages_show(running: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """The first thing people copy would not run."""
    text = (SCRIPT.parents[1] / page).read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```(?:py|text)\n(.*?connect\(.*?)```", text, re.DOTALL)
    assert "https://dav.oak.example/" in snippet
    snippet = snippet.replace("https://dav.oak.example/", running.url).replace(
        "Informational interviews", f"{tmp_path.name} of a page"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALDAV_PASSWORD", PASSWORD)
    campaign(tmp_path / "interviews.db")
    shown: dict[str, Any] = {"password": PASSWORD, "infoint": infoint} | vars(infoint_caldav)
    exec(snippet, shown)  # noqa: S102 - our own pages
    assert shown["report"].ok
    assert shown["report"].created
