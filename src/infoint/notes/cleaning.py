"""What every text of a document goes through: characters no format can carry, and addresses no reader should be led to.
Escaping is not done here; it belongs to each renderer.
"""

import re
from urllib.parse import quote

from infoint.bidi import straightened

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_TARGET = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?<![a-z])(?:https?://|mailto:|tel:)\S"  # as above, wherever it begins
    r"|[a-z0-9]\.[a-z]{2,63}/\S"  # pasted without its scheme
    r"|[^\s@]@[^\s@]+\.[^\s@]",
    re.IGNORECASE,
)
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def clean(text: str) -> str:
    """`text` with LF as its only line end, without control characters (the tab stays), and well-formed.

    Halves of a surrogate pair that stand together become the character they mean; a lone one becomes U+FFFD. Marks that would
    turn the direction of what stands around the text go (`straightened`). What is clean already comes back unchanged.
    """
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    if _SURROGATES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return straightened(text)


def link_target(url: str) -> str:
    """`url` as ASCII that may stand in a link, or "" where its scheme is not http, https, mailto or tel (RFC 3986 §2)."""
    url = url.strip()
    if not _TARGET.match(url):
        return ""
    return quote(_LONE_PERCENT.sub("%25", url), safe="%/:?#[]@!$&'()*+,;=~")


def holds_address(word: str) -> bool:
    """Whether there is one in it, of a page, a mailbox or a telephone, that leads nowhere once a line end stands in it."""
    return bool(_ADDRESS.search(word))
