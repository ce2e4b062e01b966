"""A graph as Mermaid and as DOT text. Whatever stands in a label stays a label: nodes are called n1, n2 …, never by a name."""

from collections.abc import Iterable, Iterator, Sequence
from string import ascii_letters, digits
from typing import Final

from attrs import frozen

from infoint.notes.lettering import one_line

_LABEL: Final = 160
"""Characters of one label."""
_PLAIN: Final = frozenset(ascii_letters + digits + " .,-")


@frozen
class Node:
    """A label, and whether it is drawn dashed: something that did not come about, or not yet."""

    label: str
    dashed: bool = False


@frozen
class Arc:
    """From node to node, by their places in the list."""

    start: int
    end: int
    label: str = ""
    dashed: bool = False


def mermaid_label(text: str) -> str:
    """The text, every character as its code but for letters, digits and " .,-": what Mermaid reads as text and nothing else."""
    line = one_line(text, _LABEL) or "–"
    return "".join(character if character in _PLAIN else f"#{ord(character)};" for character in line)


def dot_label(text: str) -> str:
    """The text between quotes. Backslashes go: Graphviz reads them as commands, and shows a doubled one twice."""
    line = (one_line(text, _LABEL) or "–").replace("\\", "").replace('"', '\\"')
    # Graphviz resolves entities within labels; a lone & is none.
    return f'"{line.replace("&", "&amp;")}"'


def mermaid(title: str, nodes: Sequence[Node], arcs: Iterable[Arc]) -> str:
    """A flowchart from left to right."""
    return "\n".join([*_mermaid(title, nodes, arcs), ""])


def dot(title: str, nodes: Sequence[Node], arcs: Iterable[Arc]) -> str:
    """A digraph from left to right."""
    return "\n".join([*_dot(title, nodes, arcs), ""])


def _mermaid(title: str, nodes: Sequence[Node], arcs: Iterable[Arc]) -> Iterator[str]:
    yield "flowchart LR"
    yield f"  accTitle: {mermaid_label(title)}"
    for place, node in enumerate(nodes, 1):
        yield f'  n{place}["{mermaid_label(node.label)}"]'
    for arc in arcs:
        label = f'|"{mermaid_label(arc.label)}"|' if arc.label else ""
        yield f"  n{arc.start + 1} {'-.->' if arc.dashed else '-->'}{label} n{arc.end + 1}"
    if dashed := [f"n{place}" for place, node in enumerate(nodes, 1) if node.dashed]:
        yield "  classDef dashed stroke-dasharray: 4 3"
        yield f"  class {','.join(dashed)} dashed"


def _dot(title: str, nodes: Sequence[Node], arcs: Iterable[Arc]) -> Iterator[str]:
    yield "digraph infoint {"
    yield f'  graph [rankdir=LR, label={dot_label(title)}, labelloc=t, fontname=Helvetica, charset="UTF-8"];'
    yield "  node [shape=box, style=rounded, fontname=Helvetica];"
    yield "  edge [fontname=Helvetica, fontsize=10];"
    for place, node in enumerate(nodes, 1):
        style = ', style="rounded,dashed"' if node.dashed else ""
        yield f"  n{place} [label={dot_label(node.label)}{style}];"
    for arc in arcs:
        style = ", style=dashed" if arc.dashed else ""
        label = dot_label(arc.label) if arc.label else '""'
        yield f"  n{arc.start + 1} -> n{arc.end + 1} [label={label}{style}];"
    yield "}"
