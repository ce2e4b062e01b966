"""E-mail drafts: read back by Python's own parser, whatever somebody is called or writes."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from infoint import Campaign, Contact, Interview, Meeting, MeetingFormat, Profile, derive_id, events
from infoint.errors import InvalidValue
from infoint.model import Party
from infoint.notes import (
    Document,
    EmlRenderer,
    NoteRenderer,
    Paragraph,
    Section,
    confirmation,
    invitation_letter,
    mailto,
    render,
)
from infoint.practice import advance
from infoint.testing.renderer_contract import RendererContract

GOLDEN = Path(__file__).parent.parent / "golden" / "notes"
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nSUMMARY:Gr\xc3\xbc\xc3\x9fe\r\nEND:VCALENDAR\r\n"
"""As far as a mail looks into it."""


def document(text: str = "Hello.", **fields: str) -> Document:
    told = {"name": "letter", "title": "A letter", "subject": "Our talk", "to": "ana@oak.example", **fields}
    return Document(sections=(Section(key="body", title="", blocks=(Paragraph(text),)),), **told)  # type: ignore[arg-type]


def read(draft: bytes) -> EmailMessage:
    """As a mail program has it; nothing in it may be broken."""
    message = message_from_bytes(draft, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class TestEmlRenderer(RendererContract):
    strict = True

    def make_renderer(self) -> NoteRenderer:
        return EmlRenderer(sender="kim@example.org", calendar=CALENDAR)

    def visible_text(self, rendered: bytes) -> str:
        message = read(rendered)
        return f"{message['Subject']}\n{body(message)}"

    def structure(self, rendered: bytes) -> list[object]:
        return [(part.get_content_type(), *part.keys()) for part in read(rendered).walk()]


# ── what is in it ────────────────────────────────────────────────────────────────────────────────
def test_a_letter_becomes_a_draft() -> None:
    """A draft would go to nobody, look sent, or bear a time and an id that nobody gave it."""
    draft = render(document("Dear Ana,\nthank you."), "eml")
    message = read(draft.content)
    assert (draft.media_type, draft.filename) == ("message/rfc822", "letter.eml")
    assert dict(message.items()) == {
        "To": "ana@oak.example",
        "Subject": "Our talk",
        "Content-Language": "en",
        "X-Unsent": "1",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    assert body(message) == "Dear Ana,\nthank you.\n"
    assert "thank you." in draft.text


LONG = "I have been teaching maths for ten years, and would like to learn how you came to your work and what fills your days."


def test_paragraphs_are_one_line_each() -> None:
    """On a telephone every other line would be a stump, broken once by us and once by the screen."""
    made = document(f"{LONG}\nKim")
    assert body(read(render(made, "eml").content)) == f"{LONG}\nKim\n"
    assert parse_qs(urlsplit(mailto(made)).query)["body"] == [f"{LONG}\r\nKim\r\n"]
    whole = document(LONG, subject="")
    assert f"\n{LONG}\n" in body(read(render(whole, "eml").content))


def test_drafts_are_ascii_with_short_lines() -> None:
    """A server on the way would change the bytes, or cut a line (RFC 5321 §4.5.3.1.6)."""
    renderer = EmlRenderer(sender="kim@example.org", sender_name="Łukasz " * 40, calendar=CALENDAR)
    to = ", ".join(f"person{number}@oak.example" for number in range(60))
    content = renderer.render(document("Grüße " * 500, subject="Über " * 180, to=to))
    assert content.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert len(read(content)["To"].addresses) == 60


def test_what_is_no_letter_is_sent_whole() -> None:
    """A prep sheet would arrive without its title and subject."""
    message = read(render(document(subject="", to=""), "eml").content)
    assert (message["Subject"], message["To"]) == ("A letter", None)
    assert body(message).startswith("A letter\n========\n")


def test_an_invitation_is_a_part_and_a_file() -> None:
    """A mail program would show the invitation as an attachment only, or not at all (RFC 6047 §2.4)."""
    draft = EmlRenderer(calendar=CALENDAR).render(document())
    message = read(draft)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/calendar", "application/ics"]
    _, _, _, part, file = message.walk()
    assert b"\r\nContent-Type: text/calendar; method=REQUEST; charset=UTF-8\r\n" in draft
    assert part.get_payload(decode=True) == file.get_payload(decode=True) == CALENDAR
    assert file.get_filename() == "invite.ics"
    assert part["MIME-Version"] is file["MIME-Version"] is None


@pytest.mark.parametrize("method", [b"REQUEST", b"CANCEL", b"reply"])
def test_the_method_is_the_same_in_mail_and_file(method: bytes) -> None:
    """Mail programs pass over an invitation whose two methods differ (RFC 6047 §2.4)."""
    calendar = CALENDAR.replace(b"REQUEST", method).replace(b"SUMMARY:", b"SUMMARY:a\\nMETHOD:PUBLISH\r\n METHOD:ADD")
    (part,) = [one for one in read(EmlRenderer(calendar=calendar).render(document())).walk() if one.get_param("method")]
    assert part.get_param("method") == method.decode().upper()


@pytest.mark.parametrize(
    "calendar",
    [
        b"",
        b"METHOD:REQUEST\r\n",
        CALENDAR.replace(b"METHOD:REQUEST\r\n", b""),
        CALENDAR.replace(b"METHOD:REQUEST\r\n", b"METHOD:REQUEST\r\n" * 2),
        CALENDAR.replace(b"REQUEST", b"REQUEST; x=y"),
        CALENDAR.decode(),
    ],
)
def test_only_messages_go_along(calendar: bytes) -> None:
    """A mail would carry a part that nobody can act on, or a header that the file has written."""
    with pytest.raises(InvalidValue, match=r"EmlRenderer\.calendar: needs"):
        EmlRenderer(calendar=calendar)


@pytest.mark.parametrize("field", ["sender", "sender_name"])
def test_senders_are_text(field: str) -> None:
    """An error that is not ours would escape from far within."""
    with pytest.raises(InvalidValue, match=rf"EmlRenderer\.{field}: needs text, not bytes"):
        EmlRenderer(**{field: b"kim@example.org"})  # type: ignore[arg-type] # the mistake under test


def test_drafts_follow_from_what_they_say() -> None:
    """The same draft would differ each time, or two drafts share a boundary."""
    boundaries = set[str | None]()
    for text, calendar in (("a", CALENDAR), ("b", CALENDAR), ("a", CALENDAR.replace(b"PRODID:x", b"PRODID:y"))):
        first, again = (EmlRenderer(calendar=calendar).render(document(text)) for _ in range(2))
        assert first == again
        boundaries |= {part.get_boundary() for part in read(first).walk() if part.is_multipart()}
    assert len(boundaries) == 6


# ── any text ─────────────────────────────────────────────────────────────────────────────────────
ANY = st.text(
    st.one_of(st.characters(), st.sampled_from("\r\n\x00\t\v\f\x85\u2028\u2029\ud800\u202e,;:<>@\"'\\=?() ")), max_size=200
)
HEADERS = ["From", "To", "Subject", "Content-Language", "X-Unsent", "MIME-Version", "Content-Type"]
LURES = [
    "Hi\r\nBcc: eve@elm.example",
    "Hi\n\nBody",
    "\r\n.\r\n",
    "=?utf-8?q?=0D=0ABcc:_eve?=",
    'a" <eve@elm.example>, "b',
    "a\x00b",
    "\\",
]


@given(subject=ANY | st.sampled_from(LURES), name=ANY | st.sampled_from(LURES), text=ANY | st.sampled_from(LURES))
def test_no_text_adds_a_header(subject: str, name: str, text: str) -> None:
    """A name or a subject could write a Bcc, another recipient, or the mail's text."""
    renderer = EmlRenderer(sender="kim@example.org", sender_name=name, calendar=CALENDAR)
    message = read(renderer.render(document(text, subject=f"s{subject}")))
    assert message.keys() == HEADERS
    assert [one.addr_spec for one in message["From"].addresses] == ["kim@example.org"]
    assert [one.addr_spec for one in message["To"].addresses] == ["ana@oak.example"]
    assert len(list(message.walk())) == 5


def is_encoded(name: str) -> bool:
    return not (name.isascii() and len(name) <= 60 and "=?" not in name)


def told_plainly(name: str) -> str:
    return f'"{name}" <kim@example.org>' if name else "kim@example.org"


WORDS = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=300).map(
    lambda text: " ".join(text.split())
)


@given(subject=WORDS.filter(bool), name=WORDS)
def test_subjects_and_names_come_back(subject: str, name: str) -> None:
    """A long subject or a name in other letters would arrive changed."""
    draft = EmlRenderer(sender="kim@example.org", sender_name=name).render(document(subject=subject))
    assert read(draft)["Subject"] == subject
    # The newer parser puts a space between the encoded words of a name, which RFC 2047 §6.2 has it leave out.
    told = str(make_header(decode_header(message_from_bytes(draft)["From"])))
    told = told.replace("\r\n", "")
    assert told == f"{name} <kim@example.org>" if is_encoded(name) else re.sub(r"\\(.)", r"\1", told) == told_plainly(name)


# ── addresses ────────────────────────────────────────────────────────────────────────────────────
def test_domains_of_other_letters_are_written_in_ascii() -> None:
    """A mail to a person at such an address could not be sent."""
    message = read(render(document(to="ana@bücher.example"), "eml").content)
    assert message["To"] == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "address", ["añá@oak.example", "a:b@oak.example", "ana@-", "ana@" + "é" * 80, 'a"b@oak.example', "ana@oak/x"]
)
def test_addresses_no_mail_can_carry_are_refused(address: str) -> None:
    """A draft would look right and go nowhere, or its header be broken."""
    for make in (lambda: render(document(to=address), "eml"), lambda: EmlRenderer(sender=address)):
        with pytest.raises(
            InvalidValue, match=r"(Document\.to|EmlRenderer\.sender): holds an address that a mail cannot carry"
        ):
            make()


def test_names_without_an_address_are_left_to_fill_in() -> None:
    """A document that names somebody could not be made a draft, or the draft be addressed to a word."""
    message = read(render(document(to="Ana Ruiz, bo@pine.example"), "eml").content)
    assert message["To"] == "bo@pine.example"


# ── links ────────────────────────────────────────────────────────────────────────────────────────
@given(text=ANY, subject=ANY)
def test_links_say_the_same(text: str, subject: str) -> None:
    """A link would lose part of the text, or let it add a recipient (RFC 6068)."""
    link = mailto(document(text, subject=f"s{subject}", to="ana@oak.example, o'neil+x%y@bücher.example"))
    assert link.isascii()
    assert " " not in link
    parts = urlsplit(link)
    assert unquote(parts.path) == "ana@oak.example,o'neil+x%y@xn--bcher-kva.example"
    fields = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert list(fields) == ["subject", "body"]
    assert "\n" not in fields["subject"][0]
    assert not re.search(r"(?<!\r)\n", fields["body"][0])


def test_links_encode_all_that_matters() -> None:
    """A mail program would read a plus as a space, or an ampersand as the next field."""
    assert mailto(document("a+b & c\nd", subject="50% = ½?")) == (
        "mailto:ana@oak.example?subject=50%25%20%3D%20%C2%BD%3F&body=a%2Bb%20%26%20c%0D%0Ad%0D%0A"
    )


def test_links_take_letters_that_mails_do_not() -> None:
    """Nobody could be offered a link to an address of other letters (RFC 6068 §2)."""
    assert mailto(document("", to="añá@oak.example")).startswith("mailto:a%C3%B1%C3%A1@oak.example?")


ROOM = "https://us06web.zoom.us/j/81234567890?pwd=AbCdEfGhIjKlMnOpQrStUvWxYz0123.1"


@pytest.mark.parametrize("place", [ROOM, ROOM.removeprefix("https://"), "tel:+1-555-" + "0123456789" * 7])
@pytest.mark.parametrize("builder", [confirmation, invitation_letter])
def test_the_way_into_the_meeting_arrives_whole(builder: Callable[[Interview, Campaign], Document], place: str) -> None:
    """The link would be cut by a line end, and the person asked stand before a closed door."""
    meeting = evolve(MEETING, place=place)
    talk = advance(advance(TALK, events.Requested(), at=ASKED), events.Scheduled(meeting), at=ASKED)
    made = builder(talk, Campaign(profile=Profile(name="Kim Doe", zone=CHICAGO)).including(ANA, BO, talk))
    assert place in render(made, "text").text
    assert place in body(read(render(made, "eml").content))
    assert place in parse_qs(urlsplit(mailto(made)).query)["body"][0]


# ── the words around an invitation ───────────────────────────────────────────────────────────────
ASKED = datetime(2026, 11, 16, 15, tzinfo=UTC)
ANA = Contact(id=derive_id("ana"), name="Ana Ruiz", emails=("ana@oak.example",), zone="Europe/Madrid")
BO = Contact(id=derive_id("bo"), name="Bo Li", emails=("bo@pine.example",))
CHICAGO = ZoneInfo("America/Chicago")
MEETING = Meeting(start=datetime(2026, 12, 1, 17, tzinfo=CHICAGO), format=MeetingFormat.VIDEO, place="https://meet.example/x")
TALK = Interview(id=derive_id("talk"), contact_ids=(ANA.id, BO.id))


def letter_of(*told: events.Event, name: str = "Kim Doe", language: str = "en") -> Document:
    talk = TALK
    for event in (events.Requested(), *told):
        talk = advance(talk, event, at=ASKED)
    return invitation_letter(
        talk, Campaign(profile=Profile(name=name, zone=CHICAGO, language=language)).including(ANA, BO, talk)
    )


LETTERS = {
    "letter-invitation": letter_of(events.Scheduled(MEETING)),
    "letter-invitation-no-place": letter_of(events.Scheduled(evolve(MEETING, place="")), name=""),
    "letter-cancellation": letter_of(events.Scheduled(MEETING), events.Cancelled(Party.ME)),
    "letter-invitation.es": letter_of(events.Scheduled(MEETING), language="es"),
    "letter-cancellation.es": letter_of(events.Scheduled(MEETING), events.Cancelled(Party.ME), language="es"),
}


@pytest.mark.parametrize("name", LETTERS)
def test_words_are_as_they_were(name: str) -> None:
    """An invitation would say something else than it said before."""
    golden = GOLDEN / f"{name}.txt"
    content = render(LETTERS[name], "text").content
    if os.environ.get("INFOINT_REGENERATE_GOLDEN"):
        golden.write_bytes(content)
    assert content == golden.read_bytes()


def test_drafts_are_as_they_were() -> None:
    """The same facts would give other bytes than they gave before, on this Python or the next."""
    golden = GOLDEN / "letter-invitation.eml"
    renderer = EmlRenderer(sender="kim@example.org", sender_name="Zoë Ångström", calendar=CALENDAR)
    content = renderer.render(LETTERS["letter-invitation"])
    if os.environ.get("INFOINT_REGENERATE_GOLDEN"):
        golden.write_bytes(content)
    assert content == golden.read_bytes()


@pytest.mark.parametrize("told", [(), (events.Scheduled(MEETING), events.Held())])
def test_there_is_no_letter_about_nothing(told: tuple[events.Event, ...]) -> None:
    """People would be told of a meeting that there is not."""
    with pytest.raises(InvalidValue, match=r"Interview\.history: tells of no meeting"):
        letter_of(*told)
