"""Damaged and hostile files of a vault: an error of ours, or a page that can be saved over, within 2 seconds and 256 MB each.

`INFOINT_FUZZED_FILES=1000000 pytest -m slow plugins/infoint-vault/tests/test_fuzzed_files.py` reads as many mutated files as it says instead of
ten thousand; `INFOINT_FUZZED_FROM` is the first seed. Seconds are processor time, so that a busy machine does not matter.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits of a process are Linux's here")

WORKER = Path(__file__).with_name("fuzz_worker.py")


def told_by(*arguments: str, patience: float) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """What should not be, and how often each outcome was met."""
    done = subprocess.run(
        [sys.executable, str(WORKER), *arguments], capture_output=True, text=True, timeout=patience, check=False
    )
    assert done.returncode == 0, done.stderr
    *wrong, seen = map(json.loads, done.stdout.splitlines())
    return wrong, seen


def test_a_sample_of_mutated_files() -> None:
    """A damaged file ends in an error nobody catches, stops the program, or is not what was saved over it."""
    wrong, seen = told_by("0", "300", patience=60)
    assert wrong == []
    assert sum(seen.values()) == 300
    assert seen["read"] > 30
    assert len(seen) > 5


@pytest.mark.slow
def test_files_made_to_be_slow() -> None:
    """One file by somebody unkind stops who opens the vault."""
    names = sorted(run_path(str(WORKER))["SLOW"])
    wrong, seen = told_by(*names, patience=300)
    assert wrong == []
    assert sum(seen.values()) == len(names)


@pytest.mark.slow
def test_ten_thousand_mutated_files() -> None:
    """What a sample does not meet, somebody's file would."""
    first, count = int(os.environ.get("INFOINT_FUZZED_FROM", "1000")), int(os.environ.get("INFOINT_FUZZED_FILES", "10000"))
    wrong, seen = told_by(str(first), str(first + count), patience=60 + count)
    assert wrong == [], seen
    assert sum(seen.values()) == count
