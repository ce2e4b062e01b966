"""What a page cannot show, told with characters and never with the words around them."""

from collections.abc import Sequence
from typing import Final

from infoint.errors import InfointError

_TOLD: Final = 12
"""More than these would not help anybody to choose a font."""


class MissingGlyphs(UserWarning):
    """The file is written, and has boxes in place of some characters, for which no font is at hand."""

    def __init__(self, characters: Sequence[str]) -> None:
        """`characters`: each once, in the order they were met."""
        self.characters = tuple(characters)
        codes = [" ".join(f"U+{ord(one):04X}" for one in character) for character in self.characters[:_TOLD]]
        more = f" and {len(self.characters) - _TOLD} more" if len(self.characters) > _TOLD else ""
        super().__init__(
            f"no font has {', '.join(codes)}{more}: boxes stand in their place. Install a font that has them, as Noto Sans CJK, or "
            "give its folder to PdfRenderer(fonts=[…])"
        )


class PdfFailed(InfointError):
    """typst did not make the page: a mistake of ours, or a typst that this plugin does not know. What it said is `__cause__`."""

    code = "pdf-failed"
    shown = ("problem",)

    def __init__(self, problem: str) -> None:
        """`problem` without any words of the document."""
        self.problem = problem
        super().__init__(f"no PDF was made: {problem}")
