"""What a careful adviser would remark on in a letter: one that asks for a talk, a reminder, a thank-you."""

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from infoint.model.campaign import Campaign
from infoint.model.contact import Contact
from infoint.model.debrief import Answer, Debrief, Insight
from infoint.model.events import Debriefed, Held, HistoryEntry
from infoint.model.follow_up import FollowUp, FollowUpKind, FollowUpStatus
from infoint.model.identity import derive_id
from infoint.model.interview import Interview, Purpose
from infoint.model.profile import Profile
from infoint.model.question import Topic
from infoint.practice.finding import Finding, FindingCode, Severity
from infoint.practice.policy import ResumePolicy, default_policy
from infoint.practice.review import review, review_letter

ANA = Contact(id=derive_id("ana"), name="Ana Ruiz")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LETTER = """Dear Ms Ruiz,

we both studied at Oak College. I am exploring UX research and would value your view on it; I am not asking for a job.
Could we talk for twenty minutes next week, by phone or video? I can send you my résumé if that helps.

Kind regards, Kim"""
THANKS = """Dear Ms Ruiz,

thank you for your time on Tuesday. I had no idea that half the week goes into finding people to talk to.

Kind regards, Kim"""


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def found(findings: tuple[Finding, ...], code: FindingCode) -> Finding:
    (finding,) = (finding for finding in findings if finding.code == code)
    return finding


def thanks(text: str, **given: object) -> list[str]:
    return codes(review_letter(text, kind=FollowUpKind.THANK_YOU, **given))  # type: ignore[arg-type]


def heard(*texts: str) -> Interview:
    """A talk with these insights, the first of which was an answer as well."""
    debrief = Debrief(
        answers=(Answer("path.rise", texts[0]),), insights=tuple(Insight(one, Topic.TYPICAL_DAY) for one in texts)
    )
    history = (HistoryEntry(NOON, Held()), HistoryEntry(NOON, Debriefed(debrief)))
    return Interview(id=derive_id("talk"), contact_ids=(ANA.id,), history=history)


# ── the first letter ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", [None, FollowUpKind.CONTACT_REFERRAL, FollowUpKind.NUDGE, FollowUpKind.REPORT_BACK])
def test_a_good_letter_passes(kind: FollowUpKind | None) -> None:
    """Whoever does it right would be corrected all the same."""
    assert review_letter(LETTER, kind=kind) == ()


def test_a_long_letter() -> None:
    """Nobody reads more than a hundred words from a stranger."""
    longest = f"{LETTER} {'word ' * (100 - len(LETTER.split()))}"
    assert review_letter(longest) == ()
    finding = found(review_letter(f"{longest} more"), FindingCode.OUTREACH_TOO_LONG)
    assert (finding.text, finding.severity) == ("101 words", Severity.HINT)
    assert "100 words at most, better to 75" in finding.suggestion


def test_a_letter_that_asks_nothing() -> None:
    """The reader would not know what is wanted; a full-width question mark asks as well."""
    finding = found(review_letter("Dear Ms Ruiz, I admire your work."), FindingCode.OUTREACH_WITHOUT_QUESTION)
    assert (finding.text, finding.severity) == ("Dear Ms Ruiz, I admire your work.", Severity.WARNING)
    assert review_letter("お話を伺えますか？", language="ja") == ()
    assert codes(review_letter("お話を伺いたいです。", language="ja")) == [FindingCode.OUTREACH_WITHOUT_QUESTION]


@pytest.mark.parametrize(
    ("end", "asks"),
    [
        ("Could we talk next week?", True),
        ("Please let me know whether you could spare half an hour.", True),
        ("I was wondering if you might have half an hour.", True),
        ("I would be glad of a talk.", False),
        ("How are you? I look forward to hearing from you.", False),
        ("Who would not want to know more?", False),
        ("More about me: https://kim.example/me?from=mail", False),
        ("[…a question?…]", False),
    ],
)
def test_what_asks(end: str, asks: bool) -> None:
    """A polite phrase or an address would pass for the question; one put indirectly would not."""
    letter = LETTER.replace("Could we talk for twenty minutes next week, by phone or video?", end)
    assert (FindingCode.OUTREACH_WITHOUT_QUESTION not in codes(review_letter(letter))) is asks


def test_a_letter_that_asks_for_a_job() -> None:
    """The practice's first rule would be broken in the first line anybody reads."""
    text = LETTER.replace("Could we", "Please pass on my CV to your manager. Could we")
    finding = found(review_letter(text), FindingCode.JOB_ASK)
    assert finding.text == "Please pass on my CV to your manager."
    assert "advice" in finding.suggestion
    assert review_letter(text, purpose=Purpose.EMPLOYMENT) == ()


@pytest.mark.parametrize("kind", [None, *FollowUpKind.known])
def test_a_job_ask_is_found_in_letters_of_every_kind(kind: FollowUpKind | None) -> None:
    """One could ask for a job in the thanks, where it is worst."""
    text = "I would love to join your team."
    assert FindingCode.JOB_ASK in codes(review_letter(text, kind=kind))
    assert FindingCode.JOB_ASK not in codes(review_letter(text, kind=kind, purpose=Purpose.EMPLOYMENT))


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ms Ruiz,\n\nI have followed your work. Please let me know if there are any\nvacancies in your team.",
        "I have followed your work for a very long time, and I would love to join\nOak Labs as a designer.",
    ],
)
def test_a_sentence_broken_over_two_lines_is_one(text: str) -> None:
    """Whatever a mail program breaks into lines would be read in halves, and pass."""
    finding = found(review_letter(text), FindingCode.JOB_ASK)
    assert "\n" not in finding.text
    assert len(finding.text) > 50


def test_lines_of_a_list_stay_apart() -> None:
    """A greeting, or one line of a list, would be quoted along with the next."""
    finding = found(review_letter("Dear Ms Ruiz,\nPlease hire me."), FindingCode.JOB_ASK)
    assert finding.text == "Please hire me."


@pytest.mark.parametrize(
    "connection",
    [
        "Bo Li suggested that I write to you.",
        "I read your article on research without a lab.",
        "We met at the fair in May.",
        "You once taught my sister.",
        "I found your name in the alumni directory.",
        "Like you, I began as a teacher.",
    ],
)
def test_how_one_came_to_them(connection: str) -> None:
    """A letter with a connection would be told to find one, or one from a stranger would pass."""
    letter = LETTER.replace("we both studied at Oak College.", "{}")
    assert review_letter(letter.format(connection)) == ()
    finding = found(review_letter(letter.format("I am a student.")), FindingCode.OUTREACH_WITHOUT_CONNECTION)
    assert finding.severity is Severity.HINT
    assert finding.suggestion.startswith("Begin with how you came to them")


def test_what_is_to_be_filled_in_says_nothing_yet() -> None:
    """A draft would pass on the strength of what its author has still to write."""
    letter = LETTER.replace("we both studied at Oak College.", "[…how you come to write: we both …]")
    assert codes(review_letter(letter)) == [FindingCode.OUTREACH_WITHOUT_CONNECTION]


@pytest.mark.parametrize(
    ("said", "settled"),
    [
        ("I can send you my résumé if that helps.", True),
        ("My CV is attached, so that you know who is asking.", True),
        ("I enclose no resume, as this is no application.", True),
        ("You will find no CV here.", True),
        ("A friend helped me with my résumé.", False),
        ("I read your résumé on the web and want to see more like it.", False),
        ("", False),
    ],
)
def test_the_resume_is_settled_or_not(said: str, settled: bool) -> None:
    """The reader would wait for a résumé, or be sent one nobody decided on."""
    findings = review_letter(LETTER.replace("I can send you my résumé if that helps.", said))
    assert (FindingCode.NO_RESUME_DECISION not in codes(findings)) is settled


def test_what_the_policy_wants_of_the_resume() -> None:
    """An office that encloses it would be told to offer it; one that leaves it out, to speak of it."""
    silent = LETTER.replace("I can send you my résumé if that helps.", "")
    said = {
        wanted: [one.suggestion for one in review_letter(silent, policy=evolve(default_policy(), resume=wanted))]
        for wanted in ResumePolicy
    }
    assert "I can send you my résumé" in said[ResumePolicy.ON_REQUEST][0]
    assert "is enclosed" in said[ResumePolicy.ENCLOSED][0]
    assert said[ResumePolicy.LEFT_OUT] == []
    assert found(review_letter(silent), FindingCode.NO_RESUME_DECISION).severity is Severity.HINT


def test_a_reminder_need_not_begin_anew() -> None:
    """Whoever reminds would have to repeat who named them, and the résumé."""
    assert review_letter("Once more: would you have half an hour for me?", kind=FollowUpKind.NUDGE) == ()
    silent = "I wrote some time ago. " + "word " * 100
    assert codes(review_letter(silent, kind=FollowUpKind.NUDGE)) == [
        FindingCode.OUTREACH_TOO_LONG,
        FindingCode.OUTREACH_WITHOUT_QUESTION,
    ]


def test_other_letters_are_free() -> None:
    """News of a decision would be held to the rules of a first letter."""
    assert review_letter("word " * 200, kind=FollowUpKind.DECISION_NEWS) == ()
    assert review_letter("word " * 200, kind=FollowUpKind("acme:invite")) == ()


def test_a_language_without_rules() -> None:
    """A letter in a language we do not know would be judged by English words."""
    assert review_letter("Please hire me. Ja?", language="tlh") == ()
    assert review_letter("Tak.", kind=FollowUpKind.THANK_YOU, language="tlh") == ()


# ── the thanks ───────────────────────────────────────────────────────────────────────────────────
def test_thanks_with_something_learned() -> None:
    """Thanks that show what stayed would be taken for a form letter."""
    assert thanks(THANKS) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ms Ruiz,\nthank you so much for your time. It was very interesting and helpful.\nKim",
        "Thanks a lot!",
        "Dear Ms Ruiz,\n\nThank you for taking the time.\n\n[…one thing that you took away…]\n\nKind regards,\nKim",
        "",
    ],
)
def test_thanks_that_could_go_to_anybody(text: str) -> None:
    """The reader would learn that nothing stayed."""
    finding = found(review_letter(text, kind=FollowUpKind.THANK_YOU), FindingCode.THANK_YOU_WITHOUT_TAKEAWAY)
    assert finding.severity is Severity.HINT
    assert finding.suggestion.startswith("Name one thing they said")


def test_thanks_are_held_against_what_was_said() -> None:
    """A takeaway in words of the explorer's own would not be recognised, though the talk's record shows it."""
    text = "Thank you for your time, and for the honest word on recruiting participants."
    assert thanks(text) == [FindingCode.THANK_YOU_WITHOUT_TAKEAWAY]
    assert thanks(text, talk=heard("Recruiting of participants takes half the week")) == []
    assert thanks(text, talk=heard("Recruiting")) == []
    assert thanks(text, talk=heard("Recruiting is dull, whatever people say")) == [FindingCode.THANK_YOU_WITHOUT_TAKEAWAY]
    assert thanks(text, talk=heard("It is so")) == [FindingCode.THANK_YOU_WITHOUT_TAKEAWAY]
    assert thanks(text, talk=Interview(contact_ids=(ANA.id,))) == [FindingCode.THANK_YOU_WITHOUT_TAKEAWAY]


# ── drafts that wait to be sent ──────────────────────────────────────────────────────────────────
def a_draft(text: str, **given: object) -> FollowUp:
    fields = {"kind": FollowUpKind.THANK_YOU, "interview_id": derive_id("talk"), "contact_id": ANA.id, **given}
    return FollowUp(id=derive_id("draft"), due=date(2026, 3, 3), draft=text, **fields)  # type: ignore[arg-type]


def test_open_drafts_are_reviewed_with_their_talk() -> None:
    """A draft would only be looked at by who thinks of it."""
    talk, facts = heard("Recruiting participants takes half the week"), Campaign(profile=Profile(zone="UTC")).including(ANA)

    def reviewed(*drafts: FollowUp, talk: Interview = talk) -> list[str]:
        return codes(review(talk, facts.including(talk, *drafts), at=NOON))

    empty = [FindingCode.THANK_YOU_WITHOUT_TAKEAWAY]
    assert reviewed(a_draft("Thanks a lot!")) == empty
    assert reviewed(a_draft("Thanks for your time, and for recruiting.")) == empty
    assert reviewed(a_draft("Thanks, and all for recruiting participants.")) == []
    assert reviewed(a_draft(THANKS)) == []
    assert reviewed(a_draft("  ")) == []
    assert reviewed(a_draft("Thanks a lot!", status=FollowUpStatus.OBSOLETE)) == []
    assert reviewed(a_draft("Hire me.", kind=FollowUpKind.UPDATE)) == [FindingCode.JOB_ASK]
    employment = evolve(talk, purpose=Purpose.EMPLOYMENT)
    assert reviewed(a_draft("Hire me.", kind=FollowUpKind.UPDATE), talk=employment) == []
