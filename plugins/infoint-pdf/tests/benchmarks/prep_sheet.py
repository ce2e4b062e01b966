"""What a prep sheet as PDF costs, first and later, beside the same sheet as HTML.

    python plugins/infoint-pdf/tests/benchmarks/prep_sheet.py

Ends with 1 where a sheet after the first takes more than a tenth of a second.
"""

import sys
from statistics import median
from time import perf_counter

from infoint_pdf.renderer import PdfRenderer

from infoint.notes import HtmlRenderer, NoteRenderer, prep_sheet
from infoint.testing import sample_campaign

BAR = 0.100
"""Seconds for a sheet, after the first."""


def timed(renderer: NoteRenderer, rounds: int) -> list[float]:
    """Seconds of each sheet; no two that follow one another are the same."""
    campaign = sample_campaign()
    sheets = [prep_sheet(talk, campaign) for talk in campaign.interviews]
    seconds = []
    for number in range(rounds):
        sheet = sheets[number % len(sheets)]
        begun = perf_counter()
        renderer.render(sheet)
        seconds.append(perf_counter() - begun)
    return seconds


def main() -> int:
    """A table, and whether the bar is held."""
    html = median(timed(HtmlRenderer(), 30))
    first, *later = timed(PdfRenderer(), 31)
    one = median(later)
    print(f"{'':24}{'ms':>8}{'times HTML':>12}")  # noqa: T201 - a table is what it is for
    for name, seconds in (
        ("HTML", html),
        ("PDF, the first", first),
        ("PDF, each after it", one),
        ("PDF, the slowest", max(later)),
    ):
        print(f"{name:24}{seconds * 1000:8.1f}{seconds / html:12.0f}")  # noqa: T201 - as above
    return int(one > BAR)


if __name__ == "__main__":
    sys.exit(main())
