"""What the checker of calendar files says about one, and where it is collected. The rules stand in the modules beside it."""

from typing import Final

from attrs import define, field, frozen

from infoint.closed_name import ClosedName

_SHOWN: Final = 40
"""Characters of a refused value that a message repeats."""


class IcsSeverity(ClosedName):
    """How strictly the standard says it: ERROR for MUST and for the grammar, WARNING for SHOULD and for what no reader needs."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class IcsProblem:
    """One breach of one rule."""

    line: int
    """Number of the line as it stands in the file (folded), from 1; 0: the file as a whole."""
    component: str
    """Where it is: "VCALENDAR/VEVENT 10-talk", with the UID if there is one; "" outside of every component."""
    rule: str
    """Its source: "RFC 5545 §3.8.2.2"."""
    message: str
    severity: IcsSeverity = IcsSeverity.ERROR

    def __str__(self) -> str:
        place = f"line {self.line}, {self.component}" if self.component else f"line {self.line}"
        return f"{place}: {self.message} ({self.rule}, {self.severity})"


class Malformed(ValueError):
    """A value that does not follow its grammar; never leaves the checker."""

    def __init__(self, message: str, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


def shown(text: str) -> str:
    """A value in a message: short, in quotes, whatever is in it."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _printable(text: str) -> str:
    """On one line, and harmless to a terminal: names in a file may be anything."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


@define
class Findings:
    """Collects problems. A component is told as it ends up, since its UID may come after the first problem in it."""

    _found: list[tuple[int, object, str, str, IcsSeverity]] = field(factory=list)

    def error(self, rule: str, message: str, line: int = 0, component: object = "") -> None:
        """What a standard forbids."""
        self._found.append((line, component, rule, message, IcsSeverity.ERROR))

    def warning(self, rule: str, message: str, line: int = 0, component: object = "") -> None:
        """What a standard advises against, or what is of no use to anybody."""
        self._found.append((line, component, rule, message, IcsSeverity.WARNING))

    def problems(self) -> tuple[IcsProblem, ...]:
        """By line; what is found out about a line in several ways, in that order."""
        ordered = sorted(self._found, key=lambda found: found[0])
        return tuple(
            IcsProblem(line, _printable(str(component)), rule, _printable(text), level)
            for line, component, rule, text, level in ordered
        )
