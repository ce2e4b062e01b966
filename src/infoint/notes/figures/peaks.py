"""What the work asks for, letter by letter of PEAKS, against what the explorer brings (practice §8)."""

from collections.abc import Iterator
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.exploration import Exploration
from infoint.model.identity import identified
from infoint.model.peaks import Peaks
from infoint.notes.figures.picture import Picture
from infoint.notes.figures.sayings import Sayings
from infoint.notes.figures.sheet import MARGIN, WIDE, Mark, heading, legend, square, triangle
from infoint.notes.lettering import lines_of, shortened
from infoint.notes.svg import Shape, box, drawing, line, path, told, words
from infoint.notes.wordings import Wordings
from infoint.practice.evidence import Comparison, compare
from infoint.practice.peaks_gap import PeaksNeed
from infoint.practice.policy import Policy

_ROW: Final = 58
_LABELS: Final = 190
_BAR: Final = 180
_BROUGHT: Final = MARGIN + _LABELS + _BAR + 80
"""Where the explorer's own column begins."""
_SOURCES: Final = square("blue", "blue")
_PEOPLE: Final = square("none", "blue")
_GAP: Final[Mark] = triangle("none", "red")


def draw_peaks(
    exploration: Exploration, campaign: Campaign, *, policy: Policy | None = None, wordings: Wordings | None = None
) -> Picture:
    """The five letters: how many people, and how many independent sources, say the work asks for it; what the explorer has to show;
    and where that is nothing, a gap. `wordings`: others than those shipped for the explorer's language.

    Raises MissingId, and NotFound for people the campaign does not hold.
    """
    found = compare(identified(exploration), campaign, policy=policy)
    return peaks_of(found, Sayings.of("figure.peaks", campaign, wordings))


def peaks_of(found: Comparison, says: Sayings) -> Picture:
    """The same of a comparison that is at hand."""
    title = says.say("title", subject=found.exploration.subject)
    summary = _summary(found.peaks, says)
    description = " ".join([summary, *_in_words(found.peaks, says)])
    shapes, y = heading(title, summary, WIDE)
    y += 10
    shapes += [
        words(says.say("asked-by"), MARGIN + _LABELS, y, size=12, tone="soft"),
        words(says.say("brought"), _BROUGHT, y, size=12, tone="soft"),
    ]
    most = max([1, *(need.people for need in found.peaks)])
    y += 8
    for need in found.peaks:
        shapes += _drawn(need, most, y, says)
        y += _ROW
    key, y = legend(
        (
            (_SOURCES, says.say("key.sources")),
            (_PEOPLE, says.say("key.people")),
            (_GAP, says.say("key.gap")),
        ),
        y + 12,
        WIDE,
    )
    return Picture(
        name="peaks",
        title=title,
        summary=summary,
        description=description,
        svg=drawing("peaks", title, description, [*shapes, *key], wide=WIDE, high=y),
    )


def _summary(needs: tuple[PeaksNeed, ...], says: Sayings) -> str:
    if not any(need.people for need in needs):
        return says.say("nobody")
    gaps = [says.label(need.letter) for need in needs if need.is_gap]
    return says.counted("gaps", len(gaps), letters=", ".join(gaps)) if gaps else says.say("no-gap")


def _in_words(needs: tuple[PeaksNeed, ...], says: Sayings) -> Iterator[str]:
    for need in needs:
        brought = "; ".join(strength.text for strength in need.strengths) or says.say("nothing")
        yield says.say(
            "row",
            letter=says.label(need.letter),
            people=says.people(need.people),
            sources=says.sources(need.referral_roots),
            brought=brought,
        )


def _drawn(need: PeaksNeed, most: int, y: float, says: Sayings) -> Iterator[Shape]:
    left, name = MARGIN + _LABELS, says.label(need.letter)
    people, sources = _BAR * need.people / most, _BAR * need.referral_roots / most
    yield line(MARGIN, y, WIDE - MARGIN, y, "line")
    yield box(MARGIN, y + 13, 32, 32, "wash", corner=5)
    yield words(_letter(need.letter), MARGIN + 16, y + 35, size=17, bold=True, anchor="middle")
    name_lines = lines_of(name, _LABELS - 52, 13, most=2)
    for number, text in enumerate(name_lines):
        yield told(name, words(text, MARGIN + 42, y + 34 - 8 * (len(name_lines) - 1) + 16 * number, size=13))
    who = dict.fromkeys([*(voice.person.name for voice in need.voices), *(person.name for person in need.answered_by)])
    tooltip = says.say("letter", letter=name, people=says.people(need.people), sources=says.sources(need.referral_roots))
    yield told(
        f"{tooltip}: {says.some(who)}" if who else tooltip,
        *([box(left, y + 19, people, 20, "none", edge="blue")] if people else []),
        *([box(left, y + 19, sources, 20, "blue")] if sources else []),
        words(_tally(need, says), left + people + 8, y + 34, size=12.5, bold=True),
    )
    yield from _own(need, y, says)


def _letter(letter: Peaks) -> str:
    return (letter.name or "")[:1]


def _tally(need: PeaksNeed, says: Sayings) -> str:
    sources = says.number(need.referral_roots)
    return sources if need.people == need.referral_roots else f"{sources}/{says.number(need.people)}"


def _own(need: PeaksNeed, y: float, says: Sayings) -> Iterator[Shape]:
    room = WIDE - MARGIN - _BROUGHT
    if need.strengths:
        shown = [strength.text for strength in need.strengths[:2]]
        if len(need.strengths) > 2:
            shown[1] = says.say("more", count=says.number(len(need.strengths) - 1))
        lines = [
            words(shortened(text, room - 18, 12), _BROUGHT + 18, y + 34 - 8 * (len(shown) - 1) + 16 * number)
            for number, text in enumerate(shown)
        ]
        check = path([(_BROUGHT, y + 29), (_BROUGHT + 4, y + 34), (_BROUGHT + 11, y + 24)], "none", edge="green", closed=False)
        yield told("; ".join(strength.text for strength in need.strengths), check, *lines)
    elif need.is_gap:
        yield told(
            says.say("gap.told"),
            _GAP(_BROUGHT + 6, y + 29),
            words(says.say("gap"), _BROUGHT + 18, y + 34, bold=True, tone="red"),
        )
    else:
        yield words("–", _BROUGHT, y + 34, tone="soft")
