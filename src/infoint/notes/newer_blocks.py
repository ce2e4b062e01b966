"""Kinds of blocks that came after the first contract, and what says the same in older kinds: for renderers that were written
before them, and for files that an older infoint may read.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from attrs import evolve, frozen

from infoint.notes.contract import CONTRACT, Block, Document, Section


@frozen
class Newer:
    """The contract a kind of block came with, and how older kinds say it."""

    since: int
    instead: Callable[[Any], tuple[Block, ...]]


NewerBlocks: TypeAlias = dict[type[Any], Newer]

NEWER: Final[NewerBlocks] = {}
"""None so far. A kind that is added to `Block` gets its line here, and raises `CONTRACT` by one."""


def known_to(document: Document, contract: int) -> Document:
    """The document in blocks that a renderer of this contract knows."""
    if contract >= CONTRACT:
        return document
    return evolve(document, sections=tuple(_known_section(section, contract) for section in document.sections))


def instead_of(block: Block) -> tuple[Block, ...]:
    """What says the same in kinds that every infoint knows; nothing where the block's own kind is one of them."""
    newer = NEWER.get(type(block))
    return tuple(_known(newer.instead(block), 1)) if newer else ()


def _known_section(section: Section, contract: int) -> Section:
    return evolve(section, blocks=tuple(_known(section.blocks, contract)))


def _known(blocks: Iterable[Block], contract: int) -> Iterator[Block]:
    for block in blocks:
        newer = NEWER.get(type(block))
        if newer and newer.since > contract:
            yield from _known(newer.instead(block), contract)
        elif isinstance(block, Section):
            yield _known_section(block, contract)
        else:
            yield block
