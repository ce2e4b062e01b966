"""Mermaid text as it may stand in a file that is drawn when somebody opens it: of the shapes that our own pictures are made of, and
nothing else. What writes them is in `infoint.notes.figures`.

Mermaid has directives, links and calls of functions; a text with a line of those, or of anything else we do not write, is not drawn.
"""

import re
from typing import Final

_LABEL: Final = r"(?:[A-Za-z0-9 .,-]|\#[0-9]{1,7};)+"
_FLOWCHART: Final = re.compile(
    rf"""
      \ \ accTitle:\ {_LABEL}
    | \ \ n[0-9]+\["{_LABEL}"\]
    | \ \ n[0-9]+\ (?:-->|-\.->)(?:\|"{_LABEL}"\|)?\ n[0-9]+
    | \ \ classDef\ dashed\ stroke-dasharray:\ 4\ 3
    | \ \ class\ n[0-9]+(?:,n[0-9]+)*\ dashed
    """,
    re.VERBOSE | re.ASCII,
)
_TIMELINE: Final = re.compile(
    rf"""
      \ \ title\ {_LABEL}
    | \ \ section\ {_LABEL}
    | \ \ {_LABEL}
    | \ \ \ \ [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:\ :\ {_LABEL})+
    """,
    re.VERBOSE | re.ASCII,
)
_LINES: Final = {"flowchart LR": _FLOWCHART, "timeline": _TIMELINE}


def safe_mermaid(source: str) -> str:
    """The graph without its last line feed, or "" where a line is none that we write."""
    first, *others = source.rstrip("\n").split("\n")
    line = _LINES.get(first)
    return "\n".join([first, *others]) if line and all(map(line.fullmatch, others)) else ""
