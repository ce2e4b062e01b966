"""What `from infoint import Contact, Interview, Question, FollowUp` costs, against the libraries it stands on, in one run.

    python tests/benchmarks/import_cost.py

Whole processes, in turn, so that a machine's drift meets all alike. The bar: at most 2.5 times `import attrs, pluggy`.
"""

import subprocess
import sys
from statistics import median
from time import perf_counter

ROUNDS = 15
PROGRAMS = {
    "bare Python": "pass",
    "import attrs, pluggy (the floor)": "import attrs, pluggy",
    "import infoint": "import infoint",
    "four values of the model": "from infoint import Contact, Interview, Question, FollowUp",
    "infoint.open": "import infoint; infoint.open",
}


def seconds(program: str) -> float:
    """One fresh process, start to end."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return perf_counter() - start


def main() -> None:
    """Print the table."""
    runs: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for name, program in PROGRAMS.items():
        seconds(program)  # compiles what is not compiled yet
        runs[name] = []
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():
            runs[name].append(seconds(program))
    floor = runs["import attrs, pluggy (the floor)"]
    print(f"{'whole process, median of ' + str(ROUNDS):40} {'ms':>7} {'ratio':>7}")
    for name, times in runs.items():
        ratio = median(time / base for time, base in zip(times, floor, strict=True))
        print(f"{name:40} {median(times) * 1000:7.1f} {ratio:7.2f}")


if __name__ == "__main__":
    main()
