"""What stands in the head of a mail: addresses, names and subjects as ASCII that no text can break out of (RFC 5322, RFC 2047)."""

import re
from email.header import Header
from typing import Final
from urllib.parse import quote

from infoint.errors import InvalidValue
from infoint.notes.cleaning import clean

_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
"""What may stand before the @ without quotes (RFC 5322 §3.2.3)."""
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_ONE_WORD: Final = re.compile(r"\S+@\S+")
_SHORT: Final = 60
"""Characters that stand in one line with the header's name (RFC 5322 §2.1.1: 78)."""
_SAFE_IN_LINK: Final = "!$'*+-._~"
"""What may stand in a `mailto:` address as it is, besides letters and digits (RFC 6068 §2)."""


def addresses(to: str) -> tuple[str, ...]:
    """Those among what a document is addressed to; what is no address, as a mere name, is left for the sender to fill in."""
    parts = (part.strip() for part in to.split(","))
    return tuple(part for part in parts if _ONE_WORD.fullmatch(part))


def header_address(address: str, entity: str, field: str) -> str:
    """For a header: a domain of other letters in its ASCII form (RFC 5891). Raises InvalidValue, in the name of `entity` and `field`,
    for what needs quotes, or letters before the @ that most mail servers do not take (RFC 6532).
    """
    local, _, host = address.rpartition("@")
    host = _ascii_host(host)
    if not _LOCAL_PART.fullmatch(local) or not _HOST.fullmatch(host):
        problem = (
            "holds an address that a mail cannot carry: it needs ASCII letters without quotes before the @, a domain behind"
        )
        raise InvalidValue(entity, field, problem, value=address)
    return f"{local}@{host}"


def link_address(address: str) -> str:
    """For a `mailto:` link (RFC 6068 §2)."""
    local, _, host = address.rpartition("@")
    return f"{quote(local, safe=_SAFE_IN_LINK)}@{quote(_ascii_host(host), safe=_SAFE_IN_LINK)}"


def _ascii_host(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def header_text(text: str, *, name: str) -> str:
    """Unstructured text for the header of this name, with its folds."""
    line = _one_line(text)
    if line.isascii() and len(line) <= _SHORT and "=?" not in line:
        return line
    # The policies of `email` fold encoded words in ways that differ between versions of Python, some of which lose spaces.
    return Header(line, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def mailbox(person: str, address: str, *, name: str) -> str:
    """A name and an address for the header of this name."""
    line = _one_line(person)
    if not line:
        return address
    said = header_text(line, name=name)
    if said == line:  # as it stands, so it has to be quoted
        said = '"{}"'.format(re.sub(r'(["\\])', r"\\\1", line))
    between = " " if len(said) + len(address) <= _SHORT else "\r\n "
    return f"{said}{between}<{address}>"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
