"""Our own plugin: everything infoint ships enters as anybody's would. The only module that reaches implementations, and it does
so inside factories: registering loads none of them.
"""

from collections.abc import Iterable
from functools import partial

from infoint.calendar.contract import CalendarWriter, WriterRegistrar
from infoint.model.question import QuestionSet
from infoint.notes.contract import NoteRenderer, RendererRegistrar
from infoint.notes.wordings import WordingRegistrar, shipped_file
from infoint.people.contract import ContactReader, ReaderRegistrar
from infoint.plugin import hookimpl
from infoint.practice.follow_up_rule import FollowUpRule
from infoint.storage.contract import Storage, StorageRegistrar, StorageUrl


def _memory(url: StorageUrl) -> Storage:
    from infoint.storage.memory import MemoryStorage

    return MemoryStorage(url)


def _sqlite(url: StorageUrl) -> Storage:
    from infoint.storage.sqlite import SqliteStorage

    return SqliteStorage(url)


def _ics() -> CalendarWriter:
    from infoint.calendar.ics_writer import IcsWriter

    return IcsWriter()


def _markdown() -> NoteRenderer:
    from infoint.notes.markdown import MarkdownRenderer

    return MarkdownRenderer()


def _text() -> NoteRenderer:
    from infoint.notes.text import TextRenderer

    return TextRenderer()


def _html() -> NoteRenderer:
    from infoint.notes.html import HtmlRenderer

    return HtmlRenderer()


def _json() -> NoteRenderer:
    from infoint.notes.document_json import JsonRenderer

    return JsonRenderer()


def _eml() -> NoteRenderer:
    from infoint.notes.eml import EmlRenderer

    return EmlRenderer()


def _linkedin() -> ContactReader:
    from infoint.people.linkedin_csv import LinkedInReader

    return LinkedInReader()


@hookimpl
def infoint_register_storages(storages: StorageRegistrar) -> None:
    """Memory and SQLite."""
    storages.add("memory", _memory)
    storages.add("sqlite", _sqlite)


@hookimpl
def infoint_register_calendar_writers(writers: WriterRegistrar) -> None:
    """The iCalendar format."""
    writers.add("ics", _ics)


@hookimpl
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """Markdown, plain text, HTML, the tree as JSON, and e-mail drafts."""
    renderers.add("markdown", _markdown)
    renderers.add("text", _text)
    renderers.add("html", _html)
    renderers.add("json", _json)
    renderers.add("eml", _eml)


@hookimpl
def infoint_register_contact_readers(readers: ReaderRegistrar) -> None:
    """LinkedIn's list of connections."""
    readers.add("linkedin", _linkedin)


@hookimpl
def infoint_register_wordings(wordings: WordingRegistrar) -> None:
    """English and Spanish."""
    wordings.add("en", partial(shipped_file, "en"))
    wordings.add("es", partial(shipped_file, "es"))


@hookimpl
def infoint_question_sets() -> Iterable[QuestionSet]:
    """The shipped bank."""
    from infoint.practice.question_bank import load_question_sets

    return load_question_sets()


@hookimpl
def infoint_follow_up_rules() -> Iterable[FollowUpRule]:
    """The rules of the practice."""
    from infoint.practice.rule_files import shipped_rules

    return shipped_rules()
