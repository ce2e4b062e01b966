"""The job search example: its files, its pages, the same bytes each time, and what it says of files that are broken."""

import ast
import csv
import importlib
import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
import vobject

import infoint
from infoint import InterviewStatus

EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "job_search"
CAMPAIGN: Final = (EXAMPLE / "campaign.toml").read_text(encoding="utf-8")
CONNECTIONS: Final = (EXAMPLE / "Connections.csv").read_bytes()


def run(out: Path, *, script: Path = EXAMPLE / "job_search.py", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run as a reader of README does."""
    return subprocess.run(
        [sys.executable, "-W", "error", str(script), str(out)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


def pages(out: Path) -> dict[str, bytes]:
    """All it has written, by path."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a run from nothing, and what it printed."""
    out = tmp_path_factory.mktemp("first") / "out"
    done = run(out)
    assert (done.returncode, done.stderr) == (0, "")
    return out, done.stdout


# ── the same bytes ───────────────────────────────────────────────────────────────────────────────
def test_three_runs_give_the_same_bytes(first: tuple[Path, str], tmp_path: Path) -> None:
    """A second run would tell something twice, or a page would depend on the machine: its zone, language, hash seed, ids."""
    out, printed = first
    before = pages(out)
    again = run(out)
    elsewhere = run(
        tmp_path / "a folder" / "out", TZ="Pacific/Auckland", LC_ALL="C", LANG="C", PYTHONHASHSEED="7", PYTHONUTF8="1"
    )
    assert (again.returncode, elsewhere.returncode) == (0, 0)
    assert pages(out) == before
    assert pages(tmp_path / "a folder" / "out") == before
    assert again.stdout.replace("0 new", "51 new").replace("51 the same", "0 the same") == printed
    assert elsewhere.stdout.rpartition(" in ")[0] == printed.rpartition(" in ")[0]


def test_pages_are_those_announced(first: tuple[Path, str]) -> None:
    """A page would be missing, or left over."""
    out, printed = first
    kinds = [re.sub(r"[^/]*(\.\w+)$", r"*\1", path) for path in pages(out)]
    counts = {kind: kinds.count(kind) for kind in kinds}
    assert counts == {
        "*.ics": 1,
        "*.md": 6,
        "*.html": 4,
        "debriefs/*.md": 6,
        "debriefs/*.html": 6,
        "prep/*.md": 7,
        "prep/*.html": 7,
        "drafts/*.txt": 16,
        "people/*.md": 7,
        "people/*.html": 7,
    }
    assert f"Written: {len(kinds)} files" in printed


# ── what is in it ────────────────────────────────────────────────────────────────────────────────
def test_every_state_occurs(first: tuple[Path, str]) -> None:
    """The example would leave out what may become of a talk, or not say how far it has got."""
    out, printed = first
    told = re.findall(r"^Talk (\d+) of (\d+): \S+, (\S+)$", printed, re.MULTILINE)
    assert [int(number) for number, _, _ in told] == list(range(1, len(told) + 1))
    assert {int(total) for _, total, _ in told} == {len(told)}
    assert {status for _, _, status in told} == set(InterviewStatus)
    with infoint.open(f"sqlite:{out.parent / 'search.db'}", read_only=True) as ws:
        assert {talk.status for talk in ws.interviews} == set(InterviewStatus)


def test_calendar_is_read_by_others(first: tuple[Path, str]) -> None:
    """Another program could not read the calendar, or would see a talk twice."""
    calendar = vobject.readOne((first[0] / "interviews.ics").read_text(encoding="utf-8"))
    events = list(calendar.vevent_list)
    assert len({event.uid.value for event in events}) == len(events)
    assert {"CONFIRMED", "TENTATIVE", "CANCELLED"} >= {event.status.value for event in events if hasattr(event, "status")}
    starts = {event.dtstart.value.isoformat() for event in events}
    assert "2026-10-27T13:00:00+00:00" in starts  # after the clocks went back
    assert "2026-10-15T10:00:00+01:00" in starts


def test_each_warning_is_given_where_it_belongs(first: tuple[Path, str]) -> None:
    """An exploration that rests on little would look as sound as one that does not."""
    out, printed = first
    narrow = (
        "Only 2 of at least three people heard so far.",
        "Everyone heard works for one organization: Whitelaw Rail.",
        "Nobody was asked what is bad about it.",
    )
    compared = {path.name.split("-")[1]: path.read_text(encoding="utf-8") for path in out.glob("comparison-*.md")}
    for warning in narrow:
        assert f"  ! {warning}\n" in printed
        assert warning in compared["railway"]
        assert warning not in compared["flood"]


def test_work_is_asked_for_apart_and_openly(first: tuple[Path, str]) -> None:
    """Somebody who gave advice would be asked for a job under its cover; or told, of a talk about work, that it is none."""
    drafts = {path.name: path.read_text(encoding="utf-8") for path in (first[0] / "drafts").iterdir()}
    (asked,) = (text for name, text in drafts.items() if name.startswith("employment-request-ines"))
    assert "separate meeting" in " ".join(asked.split())
    assert [name for name in drafts if name.startswith("outreach-ines")] == []
    assert [*first[0].glob("prep/prep-sheet-ines*")] == []


def test_dossiers_are_of_people_who_were_heard(first: tuple[Path, str]) -> None:
    """Before a letter one would look for what somebody said, and not find it; or find empty pages of strangers."""
    (ines,) = (first[0] / "people").glob("dossier-ines*.md")
    assert "One week in six the phone is hers" in ines.read_text(encoding="utf-8")
    assert [*first[0].glob("people/dossier-gemma*")] == []


def test_comparison_weighs_by_circle_not_by_head(first: tuple[Path, str]) -> None:
    """People who sent one another would count as several sources, or a topic people disagree on look settled."""
    (page,) = first[0].glob("comparison-flood*.md")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|<]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows["Demand"].startswith("one source (2 people)")
    assert rows["Education"].startswith("contested")
    assert rows["Work and home"].startswith("contested")
    assert rows["Useful experience"].startswith("3 independent people agree")


def test_a_late_reply_a_move_and_a_cancellation_are_in_the_histories(first: tuple[Path, str]) -> None:
    """The example would not show the ways in which talks go in life."""
    with infoint.open(f"sqlite:{first[0].parent / 'search.db'}", read_only=True) as ws:
        stories = [[entry.event.name for entry in talk.history] for talk in ws.interviews]
        names = {contact.name for contact in ws.contacts}
        roots = [contact for contact in ws.contacts if contact.referred_by]
    assert any("give_up" in story and "accept" in story[story.index("give_up") :] for story in stories)
    assert sum("reschedule" in story for story in stories) == 2
    assert any("cancel" in story for story in stories)
    assert any("no_show" in story for story in stories)
    assert len(names) == 50  # two of one name
    assert len(roots) == 4


# ── Connections.csv ──────────────────────────────────────────────────────────────────────────────
def test_connections_are_as_linkedin_writes_them() -> None:
    """The example would be easier than the file people really get."""
    assert CONNECTIONS.startswith(b'\xef\xbb\xbfNotes:\r\n"')
    assert CONNECTIONS.count(b"\n") == CONNECTIONS.count(b"\r\n")
    text = CONNECTIONS.decode("utf-8-sig")
    header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    rows = list(csv.DictReader(io.StringIO(text[text.index(header) :], newline="")))
    assert len(rows) >= 48
    assert sum(bool(row["Email Address"]) for row in rows) < len(rows) / 4
    assert all(row["Email Address"].endswith(".example") for row in rows if row["Email Address"])
    assert all(
        row["URL"].endswith("-example") for row in rows if row["URL"].startswith("https://") and row["Company"] is not None
    )
    scripts = {
        "GREEK",
        "CYRILLIC",
        "ARABIC",
        "HEBREW",
        "DEVANAGARI",
        "HANGUL",
        "CJK",
        "THAI",
        "ARMENIAN",
        "GEORGIAN",
        "BENGALI",
    }
    assert scripts <= {name.split()[0] for name in named_characters(text)}


def named_characters(text: str) -> Iterator[str]:
    """Unicode's names of the letters in it."""
    return (unicodedata.name(letter) for letter in set(text) if letter.isalpha())


def test_broken_rows_are_listed_and_the_rest_come_in(first: tuple[Path, str]) -> None:
    """A broken row would go unnoticed, or stop the good ones."""
    listed = dict(re.findall(r"^  line (\d+): (.+)$", first[1], re.MULTILINE))
    lines = CONNECTIONS.decode("utf-8-sig").splitlines()
    by_line = {lines[int(number) - 1].split(",")[0]: problem for number, problem in listed.items()}
    assert "51 new" in first[1]
    assert set(by_line) == {"", "Oliver", "Kwame", "Percival"}
    assert by_line[""].startswith("First Name: is empty")
    assert by_line["Oliver"].startswith("URL: ")
    assert by_line["Kwame"].startswith("has the same linkedin id as the row on line")
    assert by_line["Percival"].startswith("has 3 cells")
    assert all("," in lines[int(number) - 1] for number in listed)


# ── a broken campaign.toml ───────────────────────────────────────────────────────────────────────
SCHEDULE: Final = (
    '{ event = "schedule", at = 2026-09-04 07:30:00, start = 2026-09-16 08:00:00, format = "video", '
    'place = "https://meet.example/haneul" }'
)
INSURANCE: Final = 'valence = "-"\ntext = "Insurance pays her a third more for the same sums, by daylight."\n'
BREAKAGE: Final = {
    "no-toml": ('key = "ines-1"', "key = ines-1", "key"),
    "no-format": (SCHEDULE, SCHEDULE.replace("video", "vido"), "format: needs one of in-person, video, phone, got 'vido'"),
    "missing-format": (SCHEDULE, SCHEDULE.replace(', format = "video"', ""), "format: is missing"),
    "misspelt-format": (SCHEDULE, SCHEDULE.replace("format", "formt"), "formt: is not known here"),
    "start-is-text": (SCHEDULE, SCHEDULE.replace("start = 2026-09-16 08:00:00", 'start = "tomorrow"'), "start: needs a datetime"),
    "at-is-text": (SCHEDULE, SCHEDULE.replace("at = 2026-09-04 07:30:00", 'at = "soon"'), "at: needs a datetime"),
    "at-is-missing": (SCHEDULE, SCHEDULE.replace("at = 2026-09-04 07:30:00, ", ""), "at: is missing"),
    "no-event": (SCHEDULE, SCHEDULE.replace('"schedule"', '"shedule"'), "event: needs one of request, accept, "),
    "event-is-missing": (SCHEDULE, SCHEDULE.replace('event = "schedule", ', ""), "event: is missing"),
    "event-not-yet": (SCHEDULE, '{ event = "hold", at = 2026-09-04 07:30:00 }', "event: an interview that is requested cannot"),
    "not-owed": (
        '{ done = "nudge", at = 2026-09-17 18:00:00 }',
        '{ done = "report-back", at = 2026-09-17 18:00:00 }',
        "done: nothing of the kind was owed",
    ),
    "closed-too-early": ('    { done = "thank-you", at = 2026-09-10 07:50:00 },\n', "", "event: cannot be closed while this is open"),
    "topic-typo": ('topic = "salary"', 'topic = "salery"', "topic: salery is none of ours (did you mean 'salary'?)"),
    "no-valence": (INSURANCE, INSURANCE.replace("-", "minus", 1), "valence: needs one of +, -, 0"),
    "insight-key": ('supports = "puzzle"\ntext = "School', 'suports = "puzzle"\ntext = "School', "suports: is not known here"),
    "text-is-a-number": ('text = "Nine months beside', "text = 9 #", "text: needs str, got int"),
    "nobody": ("/li-wen-example", "/li-when-example", "profile: nobody in Connections.csv"),
    "no-referrer": (
        'referred_by = "https://www.linkedin.com/in/agnieszka-wojcik-example"',
        'referred_by = "https://www.linkedin.com/in/agnes-example"',
        "referred_by: nobody in Connections.csv",
    ),
    "no-exploration": ('key = "li-1"\nexploration = "flood"', 'key = "li-1"\nexploration = "floods"', "exploration: needs one of flood"),
    "no-question": ('"advancement.training", "advice', '"advancement.trainings", "advice', "agenda: no question advancement.trainings"),
    "talk-key": ('key = "tom-1"\nexploration', 'key = "tom-1"\nexploraton', "exploraton: is not known here"),
    "no-zone": ('zone = "Asia/Seoul"', 'zone = "Asia/Soul"', "zone: is no IANA time zone"),
    "my-zone": ('zone = "Europe/London"', 'zone = "Europe/Lodnon"', "zone: is no IANA time zone"),
    "no-role": ('role = "recruiter"', 'role = "recruter"', "role: recruter is none of ours (did you mean 'recruiter'?)"),
    "person-key": ("rapport = 1\n", "raport = 1\n", "raport: is not known here"),
    "rapport-too-high": ("rapport = 1\n", "rapport = 5\n", "rapport: must be from -2 to 2"),
    "no-goal": ('goal = "transfer-skills"', 'goal = "transfer"', "goal: transfer is none of ours (did you mean"),
    "no-obstacle": ('obstacles = ["little-knowledge"', 'obstacles = ["litle-knowledge"', "obstacles: litle-knowledge is none of ours"),
    "no-day": ("today = 2026-10-14", 'today = "2026-10-14"', "today: needs a day"),
    "no-such-table": ('[[exploration]]\nkey = "timetables"', '[[explorations]]\nkey = "timetables"', "explorations: is not known here"),
    "key-twice": ('key = "timetables"\nsubject', 'key = "flood"\nsubject', "key: is that of an earlier table"),
    "one-table": ('steps = [{ event = "request", at = 2026-10-12 19:30:00 }]', 'steps = { event = "request" }', "steps: takes tables"),
}  # fmt: skip
"""What is there, what is put in its place, and what the script has to say of it."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The script, loaded from where its files may be changed."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("copy") / "job_search"))
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("job_search")
    finally:
        sys.path.remove(str(folder))
        for name in ("job_search", "campaign_file", "campaign_pages"):
            sys.modules.pop(name, None)


def told_of(campaign: str, script: ModuleType, out: Path) -> str:
    """What the script says of a broken file as it goes; nothing may have been written."""
    (script.HERE / "campaign.toml").write_text(campaign, encoding="utf-8")
    with pytest.raises(SystemExit) as gone:
        script.main(out)
    assert not out.exists()
    assert isinstance(gone.value.code, str)  # printed to stderr, with status 1
    return gone.value.code


def shortened(campaign: str, around: str) -> str:
    """The file without the talks that have nothing to do with `around`: half a second less for each way to break it."""
    head, *talks = re.split(r"^(?=\[\[talk\]\])", campaign, flags=re.MULTILINE)
    return head + "".join(talk for talk in talks if around in talk)


# Some in every run, all of them where all suites run.
EACH = [name if place % 4 == 0 else pytest.param(name, marks=pytest.mark.slow) for place, name in enumerate(BREAKAGE)]


@pytest.mark.parametrize("breakage", EACH)
def test_broken_campaign_is_told_by_line_and_key(breakage: str, copy: ModuleType, tmp_path: Path) -> None:
    """Whoever slips in their file would get a traceback, be sent to another line, or find half of it done."""
    right, wrong, problem = BREAKAGE[breakage]
    assert CAMPAIGN.count(right) == 1
    whole = shortened(CAMPAIGN, right)
    broken = whole.replace(right, wrong)
    told = told_of(broken, copy, tmp_path / "out")
    lines = zip(whole.splitlines(), broken.splitlines(), strict=False)
    changed = next(number for number, (before, after) in enumerate(lines, 1) if before != after)
    assert told.startswith(f"campaign.toml, line {changed}: ")
    assert problem in told


def test_slip_in_a_table_without_the_key_is_told_by_the_table(copy: ModuleType, tmp_path: Path) -> None:
    """A missing key stands nowhere: the line has to be that of the table it is missing from."""
    broken = shortened(CAMPAIGN, INSURANCE).replace(INSURANCE, 'valence = "-"\n')
    begin = broken.splitlines().index('topic = "salary"')
    assert told_of(broken, copy, tmp_path / "out") == f'campaign.toml, line {begin}: talk "rhiannon-1", text: is missing'


def test_slip_keeps_what_was_known(copy: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that breaks later on would leave the database half told, or touch pages that were written before."""
    out = tmp_path / "out"
    (copy.HERE / "campaign.toml").write_text(shortened(CAMPAIGN, "ngozi-1"), encoding="utf-8")
    copy.main(out)
    before = pages(out)
    with infoint.open(f"sqlite:{tmp_path / 'search.db'}", read_only=True) as ws:
        known = ws.campaign()
    broken = shortened(CAMPAIGN, "-1") + '[[talk]]\nkey = "new"\nexploration = "flood"\nprofile = "nobody"\n'
    (copy.HERE / "campaign.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(SystemExit, match='talk "new", profile: nobody'):
        copy.main(out)
    assert pages(out) == before
    with infoint.open(f"sqlite:{tmp_path / 'search.db'}", read_only=True) as ws:
        assert ws.campaign() == known
    assert "Talk 17 of 18: ngozi-1" in capsys.readouterr().out


def test_broken_campaign_ends_with_status_1(copy: ModuleType, tmp_path: Path) -> None:
    """A cron job would take a broken file for a good one."""
    (copy.HERE / "campaign.toml").write_text('[me]\nzone = "UTC"\nnam = "Kim"\n', encoding="utf-8")
    done = run(tmp_path / "out", script=copy.HERE / "job_search.py")
    assert (done.returncode, done.stderr) == (1, "campaign.toml, line 3: nam: is not known here\n")


def test_unclosed_bracket_is_told(copy: ModuleType, tmp_path: Path) -> None:
    """What TOML itself finds wrong would come as a traceback."""
    assert told_of(CAMPAIGN + "\nagenda = [\n", copy, tmp_path / "out").startswith("campaign.toml, line ")


def test_missing_connections_are_told(copy: ModuleType, tmp_path: Path) -> None:
    """Whoever has not put their file there would get a traceback, or be sent to campaign.toml."""
    moved = (copy.HERE / "Connections.csv").rename(copy.HERE / "elsewhere.csv")
    try:
        assert "Connections.csv" in told_of(CAMPAIGN, copy, tmp_path / "out")
    finally:
        moved.rename(copy.HERE / "Connections.csv")


# ── the script itself ────────────────────────────────────────────────────────────────────────────
def test_script_is_short_and_public() -> None:
    """What newcomers copy would be long, or lean on what may change any day."""
    script = (EXAMPLE / "job_search.py").read_text(encoding="utf-8")
    assert len(script.splitlines()) <= 125
    for name in ("job_search.py", "campaign_file.py", "campaign_pages.py"):
        tree = ast.parse((EXAMPLE / name).read_text(encoding="utf-8"))
        imported = [
            (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        ]
        for module, public in imported:
            if module.partition(".")[0] == "infoint":
                assert module in {"infoint", "infoint.errors", "infoint.model", "infoint.notes"}
                assert public in dir(importlib.import_module(module))
        assert "._" not in script


def test_readme_shows_what_it_prints(first: tuple[Path, str]) -> None:
    """README would show another output than one gets."""
    printed = first[1]
    shown = printed[printed.index("Compared: ") : printed.index("Written: ")]
    assert shown in (EXAMPLE.parents[1] / "README.md").read_text(encoding="utf-8")
