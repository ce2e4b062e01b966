"""The examples run as README says, and give the same bytes each time."""

import subprocess
import sys
from pathlib import Path

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
