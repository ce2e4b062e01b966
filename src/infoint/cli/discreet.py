"""What commands say, without the passwords of URLs that were typed where none is expected. What a place shows of itself is each
storage's own.
"""

import re
from argparse import ArgumentParser
from typing import Final, Never

_CREDENTIALS: Final = (
    (re.compile(r"//.*@", re.DOTALL), "//…@"),  # to the last @: a password may hold all else, as a raw / or a space
    (re.compile(r"/[^\s/:@]*:\S*@"), "/…@"),  # a path of it, where '//' was made '/'
    (
        re.compile(r"(//[^\s/:@?\[\]]+):(?!\d{1,5}(?![^\s/?,'\"):]))[^\s/?]+"),
        r"\1:…",
    ),  # without a host, where a port would stand
    (re.compile(r"([?&][^\s=&]*(?:pass|secret|token|key|auth)[^\s=&]*=)[^\s&]+", re.IGNORECASE), r"\1…"),
)


def masked(text: str) -> str:
    """`text` with … in place of what may be a user and a password. Hides too much rather than too little."""
    for pattern, instead in _CREDENTIALS:
        text = pattern.sub(instead, text)
    return text


class DiscreetParser(ArgumentParser):
    """Argparse, which repeats what it does not understand."""

    def error(self, message: str) -> Never:
        """Raises SystemExit, with 2."""
        super().error(masked(message))
