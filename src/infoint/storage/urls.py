"""`scheme:rest?options`: how a storage is named in one line. What a scheme's rest means is its storage's business."""

import re
from collections.abc import Mapping
from typing import Final, Self

from attrs import field, frozen

from infoint.errors import InvalidValue
from infoint.storage.frozen import FrozenDict

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+")


def _frozen(options: Mapping[str, str]) -> Mapping[str, str]:
    return FrozenDict(options)


@frozen
class StorageUrl:
    """`scheme:rest?options`; neither rest nor options are ever shown, for either may hold a password."""

    scheme: str
    rest: str = field(repr=False)
    options: Mapping[str, str] = field(repr=False, factory=dict, converter=_frozen, hash=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `text`. The rest is taken as it stands: spaces, percent signs and other letters need no escape. What follows the last
        `?` are options, `name=value` joined by `&`, with %XX for special characters; end a rest that holds a `?` itself with another
        `?`. Raises InvalidValue.
        """
        if not isinstance(text, str):
            raise _invalid(f"must be text, not a {type(text).__name__}", text)
        scheme, colon, rest = text.partition(":")
        if not colon or not _SCHEME.fullmatch(scheme):
            raise _invalid("needs a scheme, as in 'sqlite:interviews.db' or 'memory:'", text)
        rest, _, options = rest.rpartition("?") if "?" in rest else (rest, "", "")
        return cls(scheme.lower(), rest, _options(options, text))


def _options(options: str, text: str) -> dict[str, str]:
    from urllib.parse import unquote

    found: dict[str, str] = {}
    for option in options.split("&") if options else ():
        name, equals, value = option.partition("=")
        if not name or not equals:
            raise _invalid(
                "after the last '?' come options, 'name=value' joined by '&'; add a '?' at the end if there are none", text
            )
        if name in found:
            raise _invalid("gives an option twice", text)
        found[unquote(name)] = unquote(value)
    return found


def _invalid(problem: str, text: object) -> InvalidValue:
    return InvalidValue("StorageUrl", "text", problem, value=text)
