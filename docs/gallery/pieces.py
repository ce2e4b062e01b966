"""What the gallery shows: every builder and every picture there is in `infoint.notes`, of what it is made, what it is for and who gets
it. A builder without a place here fails a test.
"""

import re
from collections.abc import Callable
from inspect import signature
from typing import Any, Final

from attrs import frozen
from searches import Search

from infoint import FollowUp, FollowUpKind
from infoint.model import Purpose
from infoint.notes import (
    comparison,
    confirmation,
    debrief_record,
    dossier,
    draw_coverage,
    draw_peaks,
    draw_pipeline,
    draw_preview,
    draw_referrals,
    draw_timeline,
    due_list,
    employment_request,
    field_report,
    invitation_letter,
    letter,
    outreach,
    prep_sheet,
    time_offer,
    weekly_agenda,
)


@frozen
class Piece:
    """One document or picture, and what is said of it."""

    title: str
    builder: Callable[..., Any]
    about: Callable[[Search], Any]
    """What it is about."""
    purpose: str
    """What it is for, in a sentence."""
    reader: str
    """Who gets it."""
    photographs: tuple[tuple[str, str], ...] = ()
    """File in `docs/pictures` and what it shows: how a person sees it."""
    files: tuple[str, ...] = ()
    """Formats of which there is a file to open."""
    offers_times: bool = False
    marks_today: bool = False

    @property
    def slug(self) -> str:
        """Its files are called so."""
        return re.sub("[^a-z]+", "-", self.title.lower())

    @property
    def call(self) -> str:
        """As one writes it."""
        name = f"{self.builder.__name__}(times)" if self.offers_times else self.builder.__name__
        about = "interview" if self.offers_times else next(iter(signature(self.builder).parameters))
        return f"{name}({about}, campaign{', on=today' if self.marks_today else ''})"

    def make(self, search: Search) -> Any:
        """The Document or the Picture."""
        about = self.about(search)
        if self.offers_times:
            return self.builder(search.times(about))(about, search.campaign)
        return self.builder(about, search.campaign, **({"on": search.today} if self.marks_today else {}))


@frozen
class Page:
    """Pieces that belong together."""

    name: str
    title: str
    opening: str
    pieces: tuple[Piece, ...]
    format: str = "text"
    """In which they are shown: "text" for what is sent, "markdown" for what is kept."""
    spanish: bool = False


@frozen
class Owed:
    """A follow-up, to somebody whose name begins so."""

    kind: FollowUpKind
    name: str

    def __call__(self, search: Search) -> FollowUp:
        """Of several the one due first."""
        return search.owed(self.kind, self.name)


def talk(name: str) -> Callable[[Search], Any]:
    """The talk with somebody whose name begins so."""
    return lambda search: search.talk(name)


def study(subject: str) -> Callable[[Search], Any]:
    """The exploration whose subject begins so."""
    return lambda search: search.study(subject)


ASKING: Final = Page(
    "asking",
    "Asking, agreeing, preparing",
    "What is written before a talk. Square brackets hold what only you can fill in: nothing is made up, and nothing is ever sent.",
    (
        Piece(
            "Outreach",
            outreach,
            talk("Zoë"),
            "The first letter: whoever named them comes first, then who you are, what you want to learn, and a question they can "
            "say yes to.",
            "Whoever you would like to talk with",
            files=("html", "eml"),
        ),
        Piece(
            "Time offer",
            time_offer,
            talk("प्रिया"),
            "They said yes: some times to choose from, on the clocks of both.",
            "The person asked",
            offers_times=True,
        ),
        Piece(
            "Invitation letter",
            invitation_letter,
            talk("Malik"),
            "The words around the calendar file of a talk that is agreed, or was called off.",
            "Everybody whom the file goes to",
        ),
        Piece(
            "Confirmation",
            confirmation,
            talk("נועה"),
            "What was agreed and the questions in advance, a day or two before.",
            "The person you meet",
        ),
        Piece(
            "Prep sheet",
            prep_sheet,
            talk("Malik"),
            "A page or two to take along: the meeting, what you want to know, what to look up, who you are in half a minute, the "
            "questions with room for notes, what to bring and how to end.",
            "You, on paper or on a phone",
            photographs=(
                ("prep-sheet.png", "A prep sheet in a browser: the meeting, the goal and the beliefs, what to look up"),
                ("prep-sheet-phone.png", "The same sheet on a phone, in one column"),
                ("prep-sheet-a4.png", "The same sheet printed on A4 from the browser: questions, each with four ruled lines"),
                ("prep-sheet-pdf.png", "The same sheet as PDF by infoint-pdf"),
            ),
            files=("html",),
        ),
        Piece(
            "Employment request",
            employment_request,
            lambda search: search.talk("Inês", Purpose.EMPLOYMENT),
            "Later, openly, and as a meeting of its own: a talk about work.",
            "Somebody who gave you a talk before, or passed on a lead",
        ),
    ),
)

LETTERS: Final = Page(
    "letters",
    "Letters that are owed",
    "Each follow-up that is a message to somebody has its letter. If you have written a draft of your own, that is what comes.",
    (
        Piece(
            "Nudge",
            letter,
            Owed(FollowUpKind.NUDGE, "Zoë"),
            "Once more, after seven business days without an answer.",
            "The person asked",
        ),
        Piece(
            "Pick a time",
            letter,
            Owed(FollowUpKind.PICK_TIME, "प्रिया"),
            "They said yes, and no times have been looked for yet.",
            "The person asked",
        ),
        Piece(
            "Confirm",
            letter,
            Owed(FollowUpKind.CONFIRM, "נועה"),
            "The follow-up that asks for the confirmation gives the same letter.",
            "The person you meet",
        ),
        Piece(
            "Thank-you",
            letter,
            Owed(FollowUpKind.THANK_YOU, "Inês"),
            "Within a day: their time, one thing that stayed with you, the names they gave and what you promised.",
            "The person you met",
            photographs=(("letter.png", "A letter of thanks in a browser, with address and subject above it"),),
            files=("html", "eml"),
        ),
        Piece(
            "To somebody who was named",
            letter,
            Owed(FollowUpKind.CONTACT_REFERRAL, "Malik"),
            "Writing to whoever was named in a talk, while the name is fresh.",
            "The person named",
        ),
        Piece(
            "Report back",
            letter,
            Owed(FollowUpKind.REPORT_BACK, "Inês"),
            "What came of a name they gave you.",
            "Whoever gave you the name",
        ),
        Piece(
            "Progress",
            letter,
            Owed(FollowUpKind.PROGRESS, "Δημήτρης"),
            "A week later: what you did with their advice.",
            "The person you met",
        ),
        Piece("Update", letter, Owed(FollowUpKind.UPDATE, "하늘"), "A month later: where you stand.", "The person you met"),
        Piece(
            "Keep in touch",
            letter,
            Owed(FollowUpKind.KEEP_IN_TOUCH, "Rhiannon"),
            "A quarter later: how it went on, and what is still with you.",
            "Anybody whom you would be sorry to lose",
        ),
        Piece(
            "Article note",
            letter,
            Owed(FollowUpKind.SHARE_ARTICLE, "Rhiannon"),
            "Something worth their reading.",
            "Anybody you know",
        ),
        Piece(
            "Asking for advice",
            letter,
            Owed(FollowUpKind.ASK_ADVICE, "Inês"),
            "One question, in a few lines.",
            "Somebody you have talked with",
        ),
        Piece(
            "Giving back",
            letter,
            Owed(FollowUpKind.GIVE_BACK, "Inês"),
            "Something of use to them.",
            "Somebody who gave you of their time",
        ),
        Piece(
            "Keeping a promise",
            letter,
            Owed(FollowUpKind.KEEP_PROMISE, "Inês"),
            "What you said you would do or send.",
            "Whoever you promised it to",
        ),
        Piece(
            "Decision news",
            letter,
            Owed(FollowUpKind.DECISION_NEWS, "Agnieszka"),
            "How it ended. Having ruled something out is news as good as any.",
            "Everybody who helped you to decide",
        ),
        Piece(
            "Thanks for a lead",
            letter,
            Owed(FollowUpKind.THANK_LEAD, "Malik"),
            "For an opportunity passed on.",
            "Whoever passed it on",
        ),
    ),
)

LOOKING_BACK: Final = Page(
    "looking-back",
    "Looking back, taking stock",
    "What is kept of talks and what they come to together. They are for you; what people told you is in them.",
    (
        Piece(
            "Debrief record",
            debrief_record,
            talk("Inês"),
            "What one talk brought: answers, takeaways, beliefs supported or rebutted, names, promises; with room for what is still "
            "to ask.",
            "You",
            files=("html",),
        ),
        Piece(
            "Dossier",
            dossier,
            lambda search: search.person("Inês"),
            "All that is known of one person, before you write or ring.",
            "You",
            files=("html",),
        ),
        Piece(
            "Comparison",
            comparison,
            study("flood"),
            "Several talks side by side: what people agree on and where they differ, who was asked what, what is open.",
            "You",
            photographs=(
                (
                    "comparison.png",
                    "The matrix of a comparison: questions as rows, people as columns, marks for asked and answered",
                ),
            ),
            files=("html",),
        ),
        Piece(
            "Field report",
            field_report,
            study("flood"),
            "What an exploration has come to: the work as it is, what it asks for, your beliefs put to the test, the decision.",
            "You, or a counsellor who helps you to decide",
            photographs=(
                ("field-report.png", "The first screen of a field report: the summary and the two sides of the work"),
            ),
            files=("html",),
        ),
    ),
    format="markdown",
)

WEEK: Final = Page(
    "week",
    "What is due",
    "For the wall, or for a mail to yourself on Sunday evening.",
    (
        Piece(
            "Weekly agenda",
            weekly_agenda,
            lambda search: search.today,
            "Seven days: the talks on the clocks of both, and what is due.",
            "You",
            files=("html",),
        ),
        Piece(
            "Due list",
            due_list,
            lambda search: search.today,
            "What is due in one list, the overdue first.",
            "You",
            files=("html",),
        ),
    ),
    format="markdown",
)

PICTURES: Final = Page(
    "pictures",
    "Pictures",
    "Each is an SVG of its own, legible in light and dark; graphs are Mermaid and DOT text too.",
    (
        Piece(
            "Coverage",
            draw_coverage,
            study("flood"),
            "Who has spoken of which topic, and where nobody has been asked.",
            "You, before the next talk",
        ),
        Piece(
            "Preview",
            draw_preview,
            study("flood"),
            "What is good against what is hard: a preview that is all roses is none.",
            "You, before you decide",
        ),
        Piece(
            "Peaks",
            draw_peaks,
            study("flood"),
            "What the work asks for, letter by letter, and what you have to show.",
            "You, before you write an application",
        ),
        Piece(
            "Pipeline",
            draw_pipeline,
            lambda _: None,
            "Where the talks stand.",
            "You, or whoever runs a course of searches",
        ),
        Piece(
            "Timeline",
            draw_timeline,
            study("flood"),
            "When people were asked and met, and what is owed when.",
            "You",
            marks_today=True,
        ),
        Piece("Referrals", draw_referrals, lambda _: None, "Who introduced whom, and what came of it.", "You"),
    ),
)

SPANISH: Final = Page(
    "spanish",
    "In Spanish",
    'The explorer\'s language decides: `Profile(language="es", …)`. Questions, letters and documents come in it; what people noted '
    "stays as they wrote it.",
    (
        Piece(
            "Outreach in Spanish",
            outreach,
            talk("Tomás"),
            "The first letter, to somebody who was named.",
            "The person asked",
        ),
        Piece(
            "Thank-you in Spanish",
            letter,
            Owed(FollowUpKind.THANK_YOU, "Mariana"),
            "The thank-you.",
            "The person met",
        ),
        Piece(
            "Prep sheet in Spanish",
            prep_sheet,
            talk("Mariana"),
            "The prep sheet, with both times.",
            "The explorer",
            files=("html",),
        ),
        Piece(
            "Field report in Spanish",
            field_report,
            study("restauración"),
            "The field report after one talk, which says how little that is.",
            "The explorer",
            files=("html",),
        ),
    ),
    spanish=True,
)

PAGES: Final = (ASKING, LETTERS, LOOKING_BACK, WEEK, PICTURES, SPANISH)
EVERYWHERE: Final = Piece(
    "One letter",
    confirmation,
    talk("Malik"),
    "The same letter in each format there is.",
    "The person you meet",
)
"""What the page of formats shows."""
