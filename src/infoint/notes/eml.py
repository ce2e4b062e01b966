"""Documents as e-mail drafts: a file that a mail program opens to be looked over and sent, and a link that does the same. Nothing is
sent here, and a draft has neither date nor Message-ID: those are given on sending.
"""

import re
from base64 import encodebytes
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.policy import SMTP
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from infoint.errors import InvalidValue
from infoint.notes.contract import CONTRACT, Document
from infoint.notes.mail_headers import addresses, header_address, header_text, link_address, mailbox
from infoint.notes.text import TextRenderer

_POLICY: Final = SMTP.clone(cte_type="7bit")
_WIDTH: Final = 72
"""Columns of tables; mails are quoted, and quotes are indented."""
_METHOD: Final = re.compile(rb"^METHOD:([A-Za-z-]+)\r?$", re.MULTILINE | re.IGNORECASE)
_ATTACHMENT: Final = "invite.ics"


class EmlRenderer:
    """A draft (RFC 5322): `X-Unsent: 1` makes Outlook open it for editing; programs that do not know it show it as a mail. Offer
    `mailto` or the plain text beside it.

    A letter's text is the mail's; any other document is sent whole, under its title. Each paragraph is one line, which the program
    that shows it wraps as wide as its window is. All in ASCII, in short lines for the way, so that no server changes it. Pictures and headings are as in plain text. There is no Bcc.
    """

    media_type: str = "message/rfc822"
    suffix: str = ".eml"
    contract: int = CONTRACT

    def __init__(self, *, sender: str = "", sender_name: str = "", calendar: bytes | None = None) -> None:
        """`sender`: the address in From; without one the mail program gives its own. `calendar`: a calendar file with a METHOD (an
        invitation or a cancellation), which becomes a part of the mail that programs act on, and an attachment for the others
        (RFC 6047 §2.4). Raises InvalidValue.
        """
        for name, value in (("sender", sender), ("sender_name", sender_name)):
            if not isinstance(value, str):
                raise InvalidValue(type(self).__name__, name, f"needs text, not {type(value).__name__}", value=value)
        self._sender = header_address(sender, type(self).__name__, "sender") if sender else ""
        self._sender_name = sender_name
        self._calendar = calendar
        self._method = _method_of(calendar) if calendar is not None else ""

    def render(self, document: Document) -> bytes:
        """Raises InvalidValue for an address that a mail cannot carry."""
        head = "".join(f"{name}: {value}\r\n" for name, value in self._head(document))
        return head.encode("ascii") + self._body(document).as_bytes()

    def _head(self, document: Document) -> Iterator[tuple[str, str]]:
        if self._sender:
            yield "From", mailbox(self._sender_name, self._sender, name="From")
        if to := [header_address(one, "Document", "to") for one in addresses(document.to)]:
            yield "To", ",\r\n ".join(to)
        yield "Subject", header_text(document.subject or document.title, name="Subject")
        yield "Content-Language", document.language
        yield "X-Unsent", "1"

    def _body(self, document: Document) -> EmailMessage:
        text = EmailMessage(_POLICY)
        text.set_content(_text(document), cte="quoted-printable")
        if self._calendar is None:
            return text
        del text["MIME-Version"]
        told = sha256(text.as_bytes() + self._calendar).hexdigest()[:32]
        alternatives = _multipart("alternative", told, text, self._part(self._calendar))
        del alternatives["MIME-Version"]
        return _multipart("mixed", told, alternatives, _attached(self._calendar))

    def _part(self, calendar: bytes) -> Message:
        # Not an EmailMessage, which puts quotes around parameters: programs that look for `method=REQUEST` are many.
        part = Message()
        part["Content-Type"] = f"text/calendar; method={self._method}; charset=UTF-8"
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(encodebytes(calendar).decode("ascii"))
        return part


def mailto(document: Document) -> str:
    """A link that opens a new mail with address, subject and text filled in (RFC 6068). Many programs cut links at about 2,000
    characters, some sooner: offer the draft as a file or as text where `len` of it is more.
    """
    to = ",".join(map(link_address, addresses(document.to)))
    said = {"subject": " ".join((document.subject or document.title).split()), "body": _text(document).replace("\n", "\r\n")}
    return f"mailto:{to}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in said.items())


def _text(document: Document) -> str:
    renderer = TextRenderer(width=_WIDTH, wrapped=False)
    return renderer.body(document) if document.subject.strip() else renderer.render(document).decode()


def _method_of(calendar: bytes) -> str:
    if not isinstance(calendar, bytes):
        raise InvalidValue("EmlRenderer", "calendar", f"needs bytes, not {type(calendar).__name__}", value=calendar)
    found = _METHOD.findall(calendar)
    if not calendar.startswith(b"BEGIN:VCALENDAR") or len(found) != 1:
        raise InvalidValue(
            "EmlRenderer", "calendar", "needs a calendar file with one METHOD, as an invitation is", value=calendar
        )
    method: str = found[0].decode().upper()
    return method


def _attached(calendar: bytes) -> EmailMessage:
    attachment = EmailMessage(_POLICY)
    attachment.set_content(calendar, "application", "ics", disposition="attachment", filename=_ATTACHMENT)
    del attachment["MIME-Version"]
    return attachment


def _multipart(kind: str, told: str, *parts: Message) -> EmailMessage:
    """With a boundary that follows from what is told; "=_" stands in no text that is quoted-printable or base64."""
    whole = EmailMessage(_POLICY)
    whole["MIME-Version"] = "1.0"
    whole["Content-Type"] = f'multipart/{kind}; boundary="=_{kind}_{told}"'
    for part in parts:
        whole.attach(part)  # type: ignore[arg-type]  # takes any Message; typeshed says less
    return whole
