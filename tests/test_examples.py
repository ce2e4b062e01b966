"""The examples run as README says, and give the same bytes each time."""

import subprocess
import sys
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import socket
from time import sleep

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(out: Path) -> tuple[str, dict[str, bytes]]:
    """What it prints and writes, the database aside."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / "first_campaign.py"), str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout, {path.name: path.read_bytes() for path in out.iterdir() if not path.name.startswith("campaign.db")}


def test_first_campaign_is_the_same_each_time(tmp_path: Path) -> None:
    """A second run would add to the campaign, or a run from nothing give other bytes."""
    first = run(tmp_path / "a")
    again = run(tmp_path / "a")
    anew = run(tmp_path / "b")
    assert first == again
    assert first[1] == anew[1]
    assert sorted(name.rpartition(".")[2] for name in first[1]) == ["ics", "md", "md"]


def test_export_says_whether_it_changed(tmp_path: Path) -> None:
    """A scheduler's log would not tell whether anything happened; or a mistyped path would give an empty calendar."""
    run(tmp_path)
    database, out = str(tmp_path / "campaign.db"), tmp_path / "talks.ics"
    told = [example("export_calendar.py", database, str(out)).stdout for _ in range(2)]
    assert told == [f"{out}: changed\n", f"{out}: as it was\n"]
    assert out.read_bytes() == (tmp_path / "interviews.ics").read_bytes()
    missing = example("export_calendar.py", str(tmp_path / "none.db"), str(tmp_path / "none.ics"))
    assert missing.returncode != 0
    assert not (tmp_path / "none.ics").exists()


def test_the_feed_is_served_to_whom_has_the_secret(tmp_path: Path) -> None:
    """Whoever copies it would serve everybody, nobody, or more than when time is taken; or keep the secret where others read it."""
    run(tmp_path)
    database = str(tmp_path / "campaign.db")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "log").open("w") as log:
        serving = subprocess.Popen(
            [sys.executable, "-W", "error", str(EXAMPLES / "serve_feed.py"), database, str(port)],
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )
    try:
        assert serving.stdout
        link = serving.stdout.readline().split()[-1]
        secret = link.rpartition("/")[2]
        assert link == f"webcal://127.0.0.1:{port}/{secret}"
        first = asked(port, f"/{secret}")
        assert first.status == 200
        body = first.read()
        assert b"SUMMARY:Busy" in body
        assert b"Bo Li" not in body
        assert asked(port, f"/{secret}", first.headers["ETag"]).status == 304
        assert asked(port, "/another.ics").status == 404
        assert secret.removesuffix(".ics") not in (tmp_path / "campaign.db.feed").read_text(encoding="utf-8")
        logged = (tmp_path / "log").read_text(encoding="utf-8")
        assert "GET 200" in logged
        assert secret.removesuffix(".ics") not in logged
    finally:
        serving.terminate()
        serving.communicate(timeout=30)


def example(name: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name), *words],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def asked(port: int, path: str, tag: str = "") -> HTTPResponse:
    """What the server answers; it is there as soon as its socket is."""
    for patience in range(100, -1, -1):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
            return connection.getresponse()
        except ConnectionRefusedError:
            if not patience:
                raise
            sleep(0.1)
    raise AssertionError
