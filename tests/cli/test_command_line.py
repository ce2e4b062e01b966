"""The command `infoint`: what it prints, with which exit code, and never a traceback."""

import json
import os
import re
import runpy
import signal
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import infoint
from infoint import Contact, Engine, Insight, MeetingFormat, PluginHost, Topic
from infoint.calendar import CalendarOptions, ContentLevel, FollowUpsAs
from infoint.cli import arguments, main, program
from infoint.errors import CannotWrite
from infoint.testing import Clock

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "command-line.md"


def fill(ws: infoint.Workspace, name: str) -> None:
    ana = ws.contacts.add(Contact(name=name, organization="Oak Labs"))
    talk = ws.interviews.request(ws.interviews.plan(ana), at=datetime(2026, 11, 16, 9))
    talk = ws.interviews.schedule(
        talk, datetime(2026, 12, 1, 10), format=MeetingFormat.PHONE, place="+1 312 555 0100", at=datetime(2026, 11, 19, 12)
    )
    talk = ws.interviews.hold(talk)
    ws.interviews.debrief(talk, insights=[Insight("Half of it is writing", Topic.TYPICAL_DAY)], at=datetime(2026, 12, 1, 12))
    other = ws.interviews.request(ws.interviews.plan(ws.contacts.add(Contact(name="Bo Li"))), at=datetime(2026, 11, 30, 9))
    ws.interviews.schedule(
        other, datetime(2026, 12, 8, 16), format=MeetingFormat.IN_PERSON, place="12 Oak Street", at=datetime(2026, 12, 1, 13)
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "campaign.db"
    with Engine(f"sqlite:{path}", clock=Clock(datetime(2026, 12, 2, 15, tzinfo=UTC))) as engine:
        fill(engine.workspace("default", zone="America/Chicago"), "Zoë Ruiz")
        fill(engine.workspace("kim", zone="Europe/Madrid"), "Ana Ruiz")
    return path


ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": ""}


class Run:
    """What `main` did."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self.capture = capture

    def __call__(self, *words: object) -> int:
        code = main([str(word) for word in words])
        told = self.capture.readouterr()
        self.out, self.err = told.out, told.err.decode()
        return code


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(capfdbinary)


def process(*words: object, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "infoint", *map(str, words)],
        capture_output=True,
        check=False,
        env=ENVIRONMENT | environment,
    )


def exported(database: Path, options: CalendarOptions | None = None, workspace: str = "default") -> bytes:
    with Engine(f"sqlite:{database}", read_only=True) as engine:
        return engine.workspace(workspace).calendar(options).to_bytes()


# ── export ───────────────────────────────────────────────────────────────────────────────────────
def test_export_writes_what_the_library_writes(database: Path, tmp_path: Path, run: Run) -> None:
    """A scheduled export would hold something else than an app's, or change line ends on the way."""
    assert run("export", database) == 0
    assert (run.out, run.err) == (exported(database), "")
    assert run("export", database, tmp_path / "new" / "x.ics") == 0
    assert (run.out, run.err) == (b"", "")
    assert (tmp_path / "new" / "x.ics").read_bytes() == exported(database)
    done = process("export", database, "-")
    assert (done.returncode, done.stdout, done.stderr) == (0, exported(database), b"")


def test_verbose_says_whether_it_changed(database: Path, tmp_path: Path, run: Run) -> None:
    """Nobody would know whether a second run did anything; or a scheduler would send a mail each hour."""
    out = tmp_path / "x.ics"
    assert [(run("export", database, out, "--verbose"), run.out.decode()) for _ in range(2)] == [
        (0, f"{out}: changed\n"),
        (0, f"{out}: as it was\n"),
    ]


def test_each_entry_may_be_a_file(database: Path, tmp_path: Path, run: Run) -> None:
    """A folder that is synchronized could only be had from Python, or a second run would touch what is as it was."""
    folder = tmp_path / "new" / "talks"
    with Engine(f"sqlite:{database}", read_only=True) as engine:
        files = dict(engine.workspace("default").calendar().files())
    assert (run("export", database, "--per-entry", folder), run.out, run.err) == (0, b"", "")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == files
    assert len(files) > 2
    stamps = {file: file.stat().st_mtime_ns for file in folder.iterdir()}
    (folder / "somebody-elses.ics").write_bytes(b"")
    assert run("export", database, "--verbose", "--per-entry", folder) == 0
    assert run.out.decode() == f"{folder}: 0 changed, {len(files)} as they were, 1 not of this export\n"
    assert {file: file.stat().st_mtime_ns for file in stamps} == stamps
    assert run("export", database, "--verbose", "--per-entry", folder, "--name", "Talks", "--follow-ups", "none") == 0
    assert run.out.decode() == f"{folder}: 2 changed, 0 as they were, {len(files) - 1} not of this export\n"


MADRID = "Europe/Madrid"
MIDNIGHT = {"tzinfo": infoint.Profile(zone="America/Chicago").zone}
CHOICES: list[tuple[str, CalendarOptions]] = [
    ("--follow-ups todo", CalendarOptions(follow_ups=FollowUpsAs.TODO)),
    ("--follow-ups both", CalendarOptions(follow_ups=FollowUpsAs.BOTH)),
    ("--follow-ups none", CalendarOptions(follow_ups=FollowUpsAs.NONE)),
    ("--content busy", CalendarOptions(content=ContentLevel.BUSY)),
    ("--content first-name", CalendarOptions(content=ContentLevel.FIRST_NAME)),
    ("--kind thank-you", CalendarOptions(kinds=frozenset({infoint.FollowUpKind.THANK_YOU}))),
    ("--kind debrief --kind nudge", CalendarOptions(kinds=frozenset({infoint.FollowUpKind.DEBRIEF, infoint.FollowUpKind.NUDGE}))),
    ("--since 2026-12-02", CalendarOptions(since=datetime(2026, 12, 2, **MIDNIGHT))),
    ("--until 2026-12-01", CalendarOptions(until=datetime(2026, 12, 2, **MIDNIGHT))),
    ("--no-alarms", CalendarOptions(alarms=False)),
    ("--no-cancelled", CalendarOptions(include_cancelled=False)),
    ("--since 2026-12-01 --until 2026-12-01 --notes", CalendarOptions(
        since=datetime(2026, 12, 1, **MIDNIGHT), until=datetime(2026, 12, 2, **MIDNIGHT), include_notes=True)),
]  # fmt: skip  # a table


@pytest.mark.parametrize(("words", "options"), CHOICES, ids=[words for words, _ in CHOICES])
def test_every_option_of_export_counts(words: str, options: CalendarOptions, database: Path, run: Run) -> None:
    """An option would be taken and passed over."""
    assert run("export", database, *words.split()) == 0
    assert run.out == exported(database, options)
    if words != "--kind debrief --kind nudge":
        assert run.out != exported(database)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("--since today", CalendarOptions(since=datetime(2026, 12, 2, **MIDNIGHT))),
        ("--since -1 --until +5", CalendarOptions(
            since=datetime(2026, 12, 1, **MIDNIGHT), until=datetime(2026, 12, 8, **MIDNIGHT))),
        ("--until=-1", CalendarOptions(until=datetime(2026, 12, 2, **MIDNIGHT))),
    ],
)  # fmt: skip  # a table
def test_days_may_be_counted_from_today(
    words: str, options: CalendarOptions, database: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schedule would need another program to know the day, with a % that cron takes for the end of a line; or late in the evening a
    server would take its own day for the explorer's.
    """
    monkeypatch.setattr("infoint.workspace.engine._now", lambda: datetime(2026, 12, 3, 3, tzinfo=UTC))  # the second in Chicago
    assert run("export", database, *words.split()) == 0
    assert run.out == exported(database, options) != exported(database)


@pytest.mark.parametrize("words", ["--since +3652058", "--since -3652058", "--until -3652058"])
def test_days_too_far_away_are_refused(words: str, database: Path, run: Run) -> None:
    """A window that nobody can have meant would hold everything, or be a traceback."""
    assert run("export", database, *words.split()) == 1
    assert f"infoint: {words.split(maxsplit=1)[0]}: the year must be from 1900 to 2200" in run.err


def test_days_include_both_ends(database: Path, run: Run) -> None:
    """Whoever asks for a day would get it without its evening."""
    run("export", database, "--since", "2026-12-08", "--until", "2026-12-08", "--follow-ups", "none")
    assert run.out.count(b"BEGIN:VEVENT") == 1
    assert b"DTSTART;TZID=America/Chicago:20261208T160000" in run.out


def test_a_calendar_may_have_a_name(database: Path, run: Run) -> None:
    """Two calendars would be called the same in every program."""
    run("export", database, "--name", "Talks, mine")
    assert b"NAME:Talks\\, mine\r\n" in run.out


def test_another_workspace_is_another_calendar(database: Path, run: Run) -> None:
    """One explorer's talks would stand in the other's calendar."""
    run("export", database, "--workspace", "kim")
    assert run.out == exported(database, workspace="kim")
    assert b"Ana Ruiz" in run.out
    assert "Zoë".encode() not in run.out


# ── due ──────────────────────────────────────────────────────────────────────────────────────────
def test_due_lists_what_is_due(database: Path, run: Run) -> None:
    """A reminder would miss what is owed, or say it in other words than the library."""
    assert run("due", database, "--today", "2026-12-03", "--within", "4") == 0
    with infoint.open(f"sqlite:{database}", read_only=True) as ws:
        items = ws.due(on=date(2026, 12, 3), within=date(2026, 12, 7) - date(2026, 12, 3))
    assert run.out.decode().splitlines() == [str(item) for item in items]
    assert "Thank Zoë Ruiz" in run.out.decode()
    assert len(items) >= 3


def test_nothing_due_is_nothing_said(database: Path, run: Run) -> None:
    """A scheduler would send an empty mail each morning."""
    assert run("due", database, "--today", "2026-11-01", "--exit-code") == 0
    assert (run.out, run.err) == (b"", "")


def test_today_is_the_explorers(database: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late in the evening a server would call tomorrow's what is today's."""
    told = []
    for moment in (datetime(2026, 12, 3, 3, tzinfo=UTC), datetime(2026, 12, 3, 15, tzinfo=UTC)):
        monkeypatch.setattr("infoint.workspace.engine._now", lambda moment=moment: moment)
        run("due", database)
        told.append(run.out)
        run("due", database, "--today", "2026-12-02" if moment.hour == 3 else "2026-12-03")
        assert told[-1] == run.out
    assert told[0] != told[1]


def test_due_as_json(database: Path, run: Run) -> None:
    """A script could not tell what is due, about whom and since when."""
    assert run("due", database, "--today", "2026-12-03", "--format", "json") == 0
    first = json.loads(run.out)[0]
    assert (first["kind"], first["contact"], first["organization"], first["overdue_by"], first["due"]) == (
        "thank-you",
        "Zoë Ruiz",
        "Oak Labs",
        1,
        "2026-12-02",
    )
    assert {"id", "summary", "due_at", "interview"} < set(first)
    assert "Zoë".encode() in run.out, "as people write it"
    run("due", database, "--today", "2026-11-01", "--format", "json")
    assert json.loads(run.out) == []


@pytest.mark.parametrize(("format", "begin"), [("markdown", b"# Due on Thu 3 Dec 2026"), ("text", b"Due on"), ("html", b"<!")])
def test_due_as_a_page(format: str, begin: bytes, database: Path, run: Run) -> None:
    """A format of notes could not be had, or would leave out what the lines hold."""
    assert run("due", database, "--today", "2026-12-03", "--within", "7", "--format", format) == 0
    assert run.out.lstrip().startswith(begin)
    assert "Zoë Ruiz".encode() in run.out
    assert b"Bo Li" in run.out


def test_the_exit_code_can_say_that_something_is_due(database: Path, run: Run) -> None:
    """A script would have to read the list; or a scheduler would take it for a failure without being asked."""
    assert run("due", database, "--today", "2026-12-03", "--exit-code") == 3
    assert run("due", database, "--today", "2026-12-03") == 0


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────
FAILURES: list[tuple[str, str]] = [
    ("due {folder}/nope.db", "nope.db"),
    ("export {folder}/nope.db", "nope.db: check the spelling; a command reads, and makes none"),
    ("export {folder}/no/folder/x.db", "no folder"),
    ("due sqlite:{folder}/nope.db", "nope.db"),
    ("due {folder}", "is a folder"),
    ("due {folder}/text.db", "not a SQLite database"),
    ("due {db} --workspace x", "no workspace x: there is default, kim"),
    ("due {db} --workspace ", "must have 1 to 200 characters"),
    ("due postgres:x", "no storage named 'postgres'"),
    ("copy {db} vault:{folder}/v", "are taken in with discover=True, or --plugins on the command line"),
    ("due memory:", "no workspace default: there is none"),
    ("due {folder}/a?b.db", "a?b.db"),
    ("export {db} --format xcal", "no calendar writer named 'xcal'; there are: ics"),
    ("due {db} --format xcal", "no note renderer named 'xcal'"),
    ("export {db} --kind thanks", "infoint: --kind: is none of ours (did you mean 'thank-you'?"),
    ("export {db} {folder}", "could not be written (it is a folder, and --per-entry writes into one)"),
    ("export {db} --per-entry {folder}/text.db", "could not be written"),
    ("export {db} --per-entry {folder}/new --format xcal", "no calendar writer named 'xcal'"),
    ("export {db} --since 1899-12-31", "infoint: --since: the year must be from 1900"),
    ("export {db} {folder}/text.db/x.ics", "could not be written"),
    ("export {db} --since 2026-12-02 --until 2026-12-01", "infoint: --until: must be later than since"),
]


@pytest.mark.parametrize(("words", "told"), FAILURES, ids=[words for words, _ in FAILURES])
def test_failures_are_one_line(words: str, told: str, database: Path, tmp_path: Path, run: Run) -> None:
    """A mistyped path would be an empty calendar, or a page of Python; or a script could not tell that it failed."""
    (tmp_path / "text.db").write_text("not a database")
    before = sorted(tmp_path.rglob("*"))
    assert run(*(word.format(db=database, folder=tmp_path) for word in words.split(" "))) == 1
    assert run.out == b""
    assert run.err.startswith("infoint: ")
    assert run.err.count("\n") == 1
    assert told in run.err
    assert sorted(tmp_path.rglob("*")) == before, "something was made"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "exprot x",
        "export",
        "due",
        "due x --today tomorrow",
        "due x --today 2026-02-30",
        "due x --today 20261201",
        "due x --today ２０２６-01-01",
        "due x --within -1",
        "due x --within 1.5",
        "due x --within 99999999",
        "due x y",
        "export x y z",
        "export x --follow-ups task",
        "export x y --per-entry z",
        "export x --per-entry",
        "export x --since tomorrow",
        "export x --since 30",
        "export x --until +9999999",
        "export x --until +1.5",
        "export x --content all",
        "export x --foll event",
        "due x --nonsense",
    ],
)
def test_wrong_command_lines_are_told_apart(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen would look like a missing database, or an abbreviation mean something else tomorrow."""
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2
    assert "usage: infoint" in capsys.readouterr().err


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=st.dates(), other=st.dates(), days=st.integers(0, 3_652_058))
def test_any_day_is_answered(one: date, other: date, days: int, database: Path, run: Run) -> None:
    """A day at the end of the calendar would be a traceback."""
    assert run("due", database, "--today", one.isoformat(), "--within", days) == 0
    assert run("export", database, "--since", min(one, other), "--until", max(one, other)) in {0, 1}
    assert run.err == "" or "Traceback" not in run.err


def test_odd_names_of_files_are_files(database: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with a question mark or a colon in its name could not be opened."""
    monkeypatch.chdir(tmp_path)
    for name in ("a?b.db", "my:talks.db", "a b&c=d.db", "ü%20.db"):
        (tmp_path / name).write_bytes(database.read_bytes())
        assert run("due", name, "--today", "2026-12-03") == 0, run.err
        assert run.out
    assert run("due", f"sqlite:{database}?timeout=1", "--today", "2026-12-03") == 0, "a URL with options is one"


def test_nothing_is_changed(database: Path, run: Run) -> None:
    """Looking would alter the database or leave files beside it."""
    before = database.read_bytes(), sorted(database.parent.iterdir())
    run("export", database)
    run("due", database)
    assert (database.read_bytes(), sorted(database.parent.iterdir())) == before


def test_a_full_disk_is_said(database: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a calendar in a pipe would look like a whole one."""

    def fail(pieces: object) -> None:
        raise CannotWrite("standard output", "No space left on device")

    monkeypatch.setattr("infoint.cli.export.put_out", fail)
    assert run("export", database) == 1
    assert "No space left on device" in run.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
def test_a_full_device_is_said(database: Path) -> None:
    """As above, by the system itself."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "infoint", "export", str(database)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=ENVIRONMENT,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"infoint: standard output could not be written")
    assert done.stderr.count(b"\n") == 1


def test_a_reader_that_goes_away_is_no_traceback(database: Path) -> None:
    """`infoint export … | head -1` would end in a page of Python."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as out:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "infoint", "export", str(database)],
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
            env=ENVIRONMENT,
        )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_an_interruption_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C would print a page of Python."""

    def interrupt(asked: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "_run", interrupt)
    assert run("due", "x") == 128 + signal.SIGINT


SECRET = "hunter2canary"
LEAKS = (
    f"postgresql://app:{SECRET}@db/x",
    f"postgresql://app:a/{SECRET}@db/x",
    f"postgresql://app:a@{SECRET}@db/x",
    f"postgresql://app:a {SECRET}@db/x",
    f"postgresql://app:{SECRET}/x",
    f"postgresql://app:{SECRET}",
    f"postgresql//app:{SECRET}@db/x",
    f"postgresql:/app:{SECRET}@db/x",
    f"postgresql://app@db/x?password={SECRET}",
)


@pytest.mark.parametrize("url", LEAKS)
def test_a_url_in_the_wrong_place_tells_no_password(url: str, database: Path, tmp_path: Path, run: Run) -> None:
    """One argument too many, or one forgotten, puts a password into the log of a scheduler."""
    for words in (
        ["check", database, url], [url, "due"], ["due", database, "--within", url], ["due", database, f"--{url}"],
        ["export", database, tmp_path / "x.ics", url], ["export", database, "--content", url],
    ):  # fmt: skip  # a list
        with pytest.raises(SystemExit):
            run(*words)
        told = run.capture.readouterr()
        assert SECRET.encode() not in told.out + told.err
    for words in (["due", database, "--workspace", url], ["due", url], ["export", database, "--format", url]):
        assert run(*words) == 1
        assert SECRET not in run.out.decode() + run.err


@pytest.mark.parametrize("url", [*LEAKS, "sqlite:/tmp/x.db", "file:///tmp/x.ics"])
def test_a_url_is_no_file_to_write(url: str, database: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password becomes the name of a folder, or a calendar lies where nobody looks for it."""
    monkeypatch.chdir(tmp_path)
    for words in (["export", database, url], ["export", database, "--per-entry", url], ["backup", database, url]):
        with pytest.raises(SystemExit) as ended:
            run(*words)
        assert ended.value.code == 2
        told = run.capture.readouterr().err.decode()
        assert "needs a path, not a URL" in told
        assert SECRET not in told
    assert list(tmp_path.iterdir()) == []
    assert run("export", database, "./sqlite:/x.ics") == 0
    assert (tmp_path / "sqlite:" / "x.ics").is_file()


def test_folders_do_not_make_a_path_of_a_url(database: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can make folders where a scheduler starts decides which database it reads."""
    there = tmp_path / "nope:" / f"kim:{SECRET}@db.example" / "x"
    there.parent.mkdir(parents=True)
    there.write_bytes(database.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert run("due", f"nope://kim:{SECRET}@db.example/x") == 1
    assert "no storage named 'nope'" in run.err
    assert run("export", f"./nope:/kim:{SECRET}@db.example/x") == 0


def test_what_is_no_password_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody would know which host, file or option a message is about."""
    for told in (
        "postgresql://db.example:5433/infoint: cannot be reached", "postgresql://db.example:5433: cannot be reached",
        "/home/kim/a:b.db", "no contact kim@oak.example: is it 12:30?", "postgresql://::1/x", "'postgresql://h:1'", "a.db?timeout=1",
    ):  # fmt: skip  # a list
        program.say(told)
        assert capsys.readouterr().err == f"infoint: {told}\n"


def test_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A name with a line end would look like a second message, and one with an escape would steer the terminal."""
    program.say("a\nb\x1b[31mc\r\n\x00 d\u202e")
    assert capsys.readouterr().err == "infoint: a b [31mc d\n"


# ── plugins ──────────────────────────────────────────────────────────────────────────────────────
ROADS = """
from infoint import hookimpl
from infoint.notes.text import TextRenderer

@hookimpl
def infoint_register_note_renderers(renderers):
    renderers.add("roads", TextRenderer)
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A plugin with a note format, and one that cannot be imported."""
    for name, source in (
        ("roads", ROADS),
        ("holes", "raise RuntimeError('private\\nwords')\n"),
    ):
        info = tmp_path / f"infoint_{name}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: infoint-{name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[infoint]\n{name} = infoint_{name}\n")
        (tmp_path / f"infoint_{name}.py").write_text(source)
    monkeypatch.setenv("INFOINT_PLUGINS", "roads,holes")
    return tmp_path


def test_plugins_come_in_when_asked_for(database: Path, installed: Path) -> None:
    """What happens to be installed would change a calendar, or could not be had at all; and a broken one would print its traceback."""
    words = ("due", database, "--today", "2026-12-03", "--format", "roads")
    path = os.pathsep.join([str(installed), *sys.path])
    without = process(*words, PYTHONPATH=path)
    assert without.returncode == 1
    assert b"no note renderer named 'roads'" in without.stderr
    done = process(*words, "--plugins", PYTHONPATH=path)
    assert done.returncode == 0
    assert "Zoë Ruiz".encode() in done.stdout
    assert done.stderr == b"infoint: left out: plugin holes: could not be loaded: RuntimeError\n"


# ── the page and the start ───────────────────────────────────────────────────────────────────────
def commands() -> dict[str, ArgumentParser]:
    top = arguments.parser()
    (choices,) = [action.choices for action in top._actions if isinstance(action.choices, dict)]
    return {"infoint": top} | {f"infoint {name}": one for name, one in choices.items()}


@pytest.mark.parametrize("name", commands())
def test_the_page_says_what_help_says(name: str) -> None:
    """The reference would promise options that are gone, or miss new ones."""
    found = re.search(rf"```text\nusage: {name} \[(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{name} --help is missing"
    assert f"usage: {name} [{found[1]}".split() == commands()[name].format_help().split()


def test_choices_are_those_of_the_library() -> None:
    """A level or a form that the library knows could not be asked for."""
    assert set(arguments.FOLLOW_UPS) == {str(one) for one in FollowUpsAs}
    assert set(arguments.CONTENT) == {str(one) for one in ContentLevel}


@pytest.mark.parametrize("installed", [True, False])
def test_the_version_is_told(installed: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reports a fault could not say of which release."""
    told = metadata.version("infoint") if installed else "of unknown version, since it is not installed"
    if not installed:
        monkeypatch.setattr(metadata.Distribution, "from_name", Mock(side_effect=metadata.PackageNotFoundError("infoint")))
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"infoint {told}\n"


def test_help_loads_next_to_nothing() -> None:
    """Every slip of the pen would take a second to be told of."""
    code = (
        "import sys\nfrom infoint.cli import main\ntry:\n    main(['due', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('infoint.')), file=sys.stderr)\n"
        "print([name for name in ('attrs', 'attr', 'pluggy', 'sqlite3', 'icalendar') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=True
    )
    loaded, libraries = done.stderr.splitlines()
    assert loaded == str(
        ["infoint.cli", "infoint.cli.arguments", "infoint.cli.discreet", "infoint.cli.program", "infoint.lazy"]
    )
    assert libraries == "[]"


def test_due_loads_no_calendar_library(database: Path) -> None:
    """A reminder at each login would take as long as an export."""
    code = (
        "import sys\nfrom infoint.cli import main\nmain(sys.argv[1:])\n"
        "print([name for name in ('icalendar', 'asyncio', 'http.client') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "due", str(database)],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "[]\n"


def test_the_command_is_installed() -> None:
    """`pip install` would not bring it."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"infoint": "infoint.cli:main"}
    assert PluginHost().plugins, "discovery stays off"


# ── within one process ───────────────────────────────────────────────────────────────────────────
class Refusing:
    """Standard output that takes nothing."""

    def __init__(self, error: OSError) -> None:
        self.buffer, self.error = self, error

    def write(self, piece: bytes) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error

    def fileno(self) -> int:
        raise ValueError


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (BrokenPipeError(), 141, ""),
        (OSError(28, "No space left on device"), 1, "infoint: standard output could not be written (No space left on device)"),
        (OSError("odd"), 1, "infoint: standard output could not be written (OSError)"),
    ],
)
@pytest.mark.parametrize("command", ["due", "export"])
def test_output_that_is_refused(  # noqa: PLR0917  # a table, a command and their surroundings
    command: str, error: OSError, code: int, told: str, database: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a list would look like a whole one, or an app that calls `main` see an error that is not ours."""
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Refusing(error))
        assert main([command, str(database), *(["--today", "2026-12-03"] if command == "due" else [])]) == code
    assert run.capture.readouterr().err.decode().startswith(told)


@pytest.mark.parametrize("words", [("export",), ("due", "--today", "2026-12-03")])
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_streams_that_are_closed(words: tuple[str, ...], stream: str, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that closes what it does not need would get a traceback, and nothing that says it failed."""
    with monkeypatch.context() as patched:
        patched.setattr(sys, stream, None)
        wrong = () if stream == "stdout" else ("--format", "none")
        assert main([words[0], str(database), *words[1:], *wrong]) == 1


def test_output_that_takes_little_at_a_time_gets_all(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PYTHONUNBUFFERED a pipe that is full would swallow the rest of a line."""
    taken = bytearray()

    class Little(Refusing):
        def write(self, piece: bytes) -> int:
            taken.extend(piece[:7])
            return len(piece[:7])

        def flush(self) -> None:
            """Nothing is held back."""

    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Little(OSError()))
        assert main(["export", str(database)]) == 0
    assert bytes(taken) == exported(database)


def test_databases_are_opened_for_reading(database: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A medium that cannot be written could not be read either; or something would be made where nothing is."""
    opened = []

    class Told(Engine):
        def __init__(self, storage: str, **given: Any) -> None:
            opened.append((given["read_only"], given["create"], given["plugins"]))
            super().__init__(storage, **given)

    monkeypatch.setattr("infoint.cli.database.Engine", Told)
    run("due", database)
    run("export", database)
    run("check", database)
    assert [one[:2] for one in opened] == [(True, False)] * 3
    assert {plugin.source for *_, host in opened for plugin in host.plugins} == {"built in"}


def test_plugins_that_are_left_out_are_named(database: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody would miss the entries of a plugin, and not know that it was never there."""
    monkeypatch.setenv("INFOINT_PLUGINS", "not-there")
    assert run("due", database, "--plugins", "--today", "2026-12-03") == 0
    assert run.err == "infoint: left out: plugin not-there: is allowed but not installed\n"


@pytest.mark.parametrize("path", ["a:\x00", "ab:\x00.db", "\x00", "ab:" + "x" * 10_000])
def test_what_is_no_path_is_one_line(path: str, run: Run) -> None:
    """A path that no system has would be a traceback."""
    assert run("due", path) == 1
    assert run.err.count("\n") == 1


def test_the_module_is_the_command(database: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> None:
    """`python -m infoint` would do something else, or lose the exit code."""
    monkeypatch.setattr(sys, "argv", ["infoint", "due", str(database), "--today", "2026-12-03", "--exit-code"])
    monkeypatch.delitem(sys.modules, "infoint.__main__", raising=False)  # another test may have looked into every module
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("infoint", run_name="__main__")
    assert ended.value.code == 3
    assert "Zoë Ruiz" in capfdbinary.readouterr().out.decode()
