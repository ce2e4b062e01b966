"""Every hook: when it is called, what you get, what to return. Calling them is the host's affair.

A plugin is a module or an instance with some of these functions, each marked `@hookimpl`. It need take only the arguments it
uses, by their names here. Each plugin is asked alone, in the order of their names. Its entry point, in the group `infoint`,
names the module or the instance, never a class.
"""

from collections.abc import Iterable

from pluggy import HookspecMarker

from infoint.calendar.contract import CalendarEntry, WriterRegistrar
from infoint.calendar.options import CalendarOptions
from infoint.model.campaign import Campaign
from infoint.model.events import Event
from infoint.model.interview import Interview
from infoint.model.question import QuestionSet
from infoint.notes.contract import Document, RendererRegistrar, Section
from infoint.notes.documents import Subject
from infoint.notes.wordings import WordingRegistrar
from infoint.people.contract import ReaderRegistrar
from infoint.practice.follow_up_rule import FollowUpRule
from infoint.storage.contract import StorageRegistrar

hookspec = HookspecMarker("infoint")


# ── one of several, chosen by name ───────────────────────────────────────────────────────────────
@hookspec
def infoint_register_storages(storages: StorageRegistrar) -> None:
    """Offer places where records live.

    Called once, when the plugin is registered. `storages.add(scheme, factory)`: the factory gets the StorageUrl whose scheme it
    is and returns a `Storage`, not yet opened. Import the implementation inside the factory.

        @hookimpl
        def infoint_register_storages(storages: StorageRegistrar) -> None:
            storages.add("dict", DictStorage)
    """


@hookspec
def infoint_register_calendar_writers(writers: WriterRegistrar) -> None:
    """Offer calendar formats.

    Called once, when the plugin is registered. `writers.add(format, factory)`: the factory takes nothing and returns a
    `CalendarWriter`.

        @hookimpl
        def infoint_register_calendar_writers(writers: WriterRegistrar) -> None:
            writers.add("csv", CsvWriter)
    """


@hookspec
def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
    """Offer formats for documents.

    Called once, when the plugin is registered. `renderers.add(format, factory)`: the factory takes nothing and returns a
    `NoteRenderer`, which handles every kind of block.

        @hookimpl
        def infoint_register_note_renderers(renderers: RendererRegistrar) -> None:
            renderers.add("org", OrgRenderer)
    """


@hookspec
def infoint_register_contact_readers(readers: ReaderRegistrar) -> None:
    """Offer address book formats.

    Called once, when the plugin is registered. `readers.add(format, factory)`: the factory takes nothing and returns a
    `ContactReader`.

        @hookimpl
        def infoint_register_contact_readers(readers: ReaderRegistrar) -> None:
            readers.add("vcard", VcardReader)
    """


@hookspec
def infoint_register_wordings(wordings: WordingRegistrar) -> None:
    r"""Offer what documents say in another language, or in another style.

    Called once, when the plugin is registered. `wordings.add(name, factory)`: the name is a language tag in small letters ("fr",
    "es-mx") or a style of a language ("en:acme-formal"); the factory takes nothing and returns texts by key, the path of the TOML
    file that holds them, or `Wordings` of that name. What is left out is said as without it.

        @hookimpl
        def infoint_register_wordings(wordings: WordingRegistrar) -> None:
            wordings.add("en:acme-formal", lambda: {"letter.closing": "Yours sincerely,\n{me}"})
    """


# ── many combined ────────────────────────────────────────────────────────────────────────────────
@hookspec
def infoint_question_sets() -> Iterable[QuestionSet]:
    """Give more questions.

    Called when an engine's policy is made. Return sets whose names and new question ids carry your name
    ("nursing:first-talk"); without an owner they are refused. A set may hold shipped questions too.

        @hookimpl
        def infoint_question_sets() -> Iterable[QuestionSet]:
            yield QuestionSet(name="nursing:first-talk", title="For a first talk with a nurse", questions=(...,))
    """
    raise NotImplementedError


@hookspec
def infoint_follow_up_rules() -> Iterable[FollowUpRule]:
    """Give rules for more follow-ups.

    Called when an engine's policy is made. Return rules for kinds of your own (`FollowUpKind("linkedin:connect")`), or with
    `replaces=True` for a kind that is shipped.

        @hookimpl
        def infoint_follow_up_rules() -> Iterable[FollowUpRule]:
            yield FollowUpRule(kind=CONNECT, anchor=Anchor.END, offset=Offset(days=1), during=MET, per=Per.PERSON,
                               summary="Connect with {contact} on LinkedIn")
    """
    raise NotImplementedError


@hookspec
def infoint_calendar_entries(campaign: Campaign, options: CalendarOptions) -> Iterable[CalendarEntry]:
    """Give more entries for an export.

    Called for each export: `campaign` is all the facts, `options` what was asked for. Return entries; `entry_about` gives them a
    uid of their own, and SEQUENCE and stamps of the talk or follow-up they belong to, so that they move and end with it. A uid
    that is there already is a NameClash. Read no clock.

    Follow the options: `since` and `until` are yours to look at. Where `content` is less than full, your entries lose all texts
    but the summary, everybody who takes part, links and colours, and a uid that is not a UUID gives way to one; where it is "busy",
    the summary too.

        @hookimpl
        def infoint_calendar_entries(campaign: Campaign) -> Iterable[CalendarEntry]:
            for talk in campaign.interviews:
                if talk.meeting:
                    yield entry_about(talk, "travel:back", Timed.starting(talk.meeting.end, HALF_AN_HOUR), "Way back")
    """
    raise NotImplementedError


@hookspec
def infoint_note_sections(document: Document, subject: Subject, campaign: Campaign) -> Iterable[Section]:
    """Give more sections for a document.

    Called for each document, after its builder: `document` as built, `subject` what it is about, `campaign` all the facts. Return
    sections whose keys, also of sections within, carry your name; without an owner they are refused. `after` says behind which
    section one goes.

        @hookimpl
        def infoint_note_sections(document: Document, subject: Subject) -> Iterable[Section]:
            if document.name == "prep-sheet":
                yield Section(key="acme:parking", title="Parking", after="meeting", blocks=(Paragraph("Gate 3"),))
    """
    raise NotImplementedError


# ── told afterwards ──────────────────────────────────────────────────────────────────────────────
@hookspec
def infoint_interview_changed(workspace: str, before: Interview | None, after: Interview, event: Event | None) -> None:
    """Hear that an interview has changed.

    Called after the commit: `workspace` is its key; `before` is None for a new interview; `event` is None where the plan was
    edited. Return nothing. What you raise is logged and kept in `host.failures`; the change stands all the same. Where you change
    the interview yourself, you are called again.

        @hookimpl
        def infoint_interview_changed(after: Interview, event: Event | None) -> None:
            print(after.status, event.name if event else "edited")
    """
