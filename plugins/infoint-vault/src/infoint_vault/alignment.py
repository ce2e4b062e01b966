"""Which items of a list are those of before: by what they say, not by where they stand. What is done about it is `splices`'."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final, TypeAlias

from infoint.plain import JSON

_MOST: Final = 1_000_000
"""Pairs of items that are weighed against each other; where there are more, as in a list of a thousand zeros, the place decides."""
_MOST_CHANGED: Final = 10_000
"""As `_MOST`, of items that have changed: each of them is looked into."""
_ALIKE: Final = 0.5
"""Of two mappings, what must be the same for them to be one that was changed."""

_Block: TypeAlias = tuple[range, range]
"""Places of old items, and of those that are there instead."""


def canonical(value: JSON) -> str:
    """The same text for the same value, types too: 1, 1.0 and true differ. The order of keys says nothing."""
    return json.dumps(value, sort_keys=True)


def aligned(old: Sequence[JSON], new: Sequence[JSON]) -> list[int | None]:
    """For each new item the place of the old one that it is, or was before it changed, in the order of both; None for one that is new."""
    before, after = [canonical(item) for item in old], [canonical(item) for item in new]
    found: list[int | None] = [None] * len(new)
    for same, (was, now) in _blocks(before, after):
        pairs = zip(was, now, strict=True) if same else _changed(old, new, was, now)
        for one, other in pairs:
            found[other] = one
    return found


def _blocks(before: list[str], after: list[str]) -> Iterator[tuple[bool, _Block]]:
    """Whether they are the same, and which."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    yield True, (range(head), range(head))
    yield True, (range(len(before) - tail, len(before)), range(len(after) - tail, len(after)))
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    counts = Counter(new)
    if max(len(old) * len(new) // 4, sum(counts[item] for item in old)) > _MOST:
        yield False, (range(head, head + len(old)), range(head, head + len(new)))
        return
    for tag, from_, to, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", (range(head + from_, head + to), range(head + begin, head + end))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _changed(old: Sequence[JSON], new: Sequence[JSON], was: range, now: range) -> Iterator[tuple[int, int]]:
    """Which of some items that differ are one that was changed. A mapping is, if most of it is as before; of texts and numbers the place
    decides, where there are as many as before: then one was corrected.
    """
    if not was or not now:
        return
    mappings = any(isinstance(old[place], dict) for place in was) or any(isinstance(new[place], dict) for place in now)
    if not mappings or len(was) * len(now) > _MOST_CHANGED:
        if len(was) == len(now):
            yield from zip(was, now, strict=True)
        return
    olds, news = [_leaves(old[place]) for place in was], [_leaves(new[place]) for place in now]
    # The best sum of likenesses from here on, as for a longest common subsequence.
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    alike = [[_likeness(one, other) for other in news] for one in olds]
    for i in reversed(range(len(olds))):
        for j in reversed(range(len(news))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    i = j = 0
    while i < len(olds) and j < len(news):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield was[i], now[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _leaves(value: JSON, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    if not isinstance(value, dict):
        return {path: canonical(value)}
    return {place: leaf for key, inner in value.items() for place, leaf in _leaves(inner, (*path, key)).items()}


def _likeness(one: Mapping[tuple[str, ...], str], other: Mapping[tuple[str, ...], str]) -> float:
    """From 0, two things, to 1. Squared, so that one good pair counts for more than two poor ones."""
    both = one.keys() & other.keys()
    if any(place and place[-1] == "id" and one[place] != other[place] for place in both):
        return 0.0
    part = 2 * sum(one[place] == other[place] for place in both) / (len(one) + len(other) or 1)
    return part * part if part >= _ALIKE else 0.0
