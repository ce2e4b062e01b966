"""Broken and hostile calendars: an error of ours or a result, within 2 seconds and 256 MB each (docs: "Bad input").

`INFOINT_FUZZED_FILES=1000000 pytest -m slow tests/calendar/test_fuzzed_files.py` reads as many mutated files as it says instead of
ten thousand; `INFOINT_FUZZED_FROM` is the first seed. This one limit looks at a clock: the processor time
of the worker, so that a busy machine does not matter.
"""

import json
import os
import selectors
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits of a process are Linux's here")

SECONDS = 2.0
PATIENCE = 20
"""Seconds before a worker that says nothing is ended."""
WORKER = Path(__file__).with_name("fuzz_worker.py")
SLOW_NAMES = sorted(run_path(str(WORKER.with_name("fuzz_files.py")))["SLOW"])


def outcomes(told: Iterable[int | str]) -> Iterator[dict[str, Any]]:
    """Of each file, in a process that has 256 MB for it."""
    command = [sys.executable, str(WORKER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin
        assert worker.stdout
        with selectors.DefaultSelector() as waiting:
            waiting.register(worker.stdout, selectors.EVENT_READ)
            for one in told:
                worker.stdin.write(json.dumps(one) + "\n")
                worker.stdin.flush()
                if not waiting.select(PATIENCE):
                    worker.kill()
                line = worker.stdout.readline()
                yield json.loads(line) if line else {"file": one, "outcome": "!died, or never came back", "seconds": PATIENCE}
                if not line:
                    return
        worker.stdin.close()


def bad(told: Iterable[int | str]) -> tuple[list[dict[str, Any]], Counter[str]]:
    """What should not be, and how often each outcome was met."""
    seen: Counter[str] = Counter()
    wrong = []
    for outcome in outcomes(told):
        seen[outcome["outcome"]] += 1
        if outcome["outcome"].startswith("!") or outcome["seconds"] > SECONDS:
            wrong.append(outcome)
    return wrong, seen


def test_a_sample_of_mutated_files() -> None:
    """A damaged calendar would end in an error nobody catches, or stop the program."""
    wrong, seen = bad(range(200))
    assert wrong == []
    assert seen["read"] > 50


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW_NAMES)
def test_files_made_to_be_slow(name: str) -> None:
    """One file by somebody unkind would stop a program that reads calendars for others."""
    assert bad([name])[0] == []


@pytest.mark.slow
def test_ten_thousand_mutated_files() -> None:
    """What a sample does not meet, somebody's calendar would."""
    first = int(os.environ.get("INFOINT_FUZZED_FROM", "1000"))
    wrong, seen = bad(range(first, first + int(os.environ.get("INFOINT_FUZZED_FILES", "10000"))))
    assert wrong == [], seen
