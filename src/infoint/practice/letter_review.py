"""What a careful adviser would remark on in a letter (practice §5): the request for a talk, the reminder, the thanks. What gives a
wording away is `word_rules`'; what a letter should say is `infoint.notes`'.
"""

import re
from collections.abc import Iterator
from typing import Final

from infoint.model.follow_up import FollowUpKind
from infoint.model.interview import Interview, Purpose
from infoint.practice.arguments import demand, named
from infoint.practice.finding import Finding, FindingCode, hint, warning
from infoint.practice.policy import Policy, ResumePolicy, default_policy
from infoint.practice.word_rules import Remark, word_rules
from infoint.practice.wording_review import job_asks

OUTREACH_WORDS: Final = 100
"""Most words of an outreach letter (practice §5)."""
BETTER_WORDS: Final = 75
"""What is more likely to be read to the end (practice §5)."""

_FILL_IN: Final = re.compile(r"\[…[^\[\]]*\]")
"""What a draft leaves open: it says nothing yet."""
_WRAPPED: Final = re.compile(r"(?<=[^\n]{60}[^\s.?!…:])\n(?=\S)")
_LINE_START: Final = re.compile(r"\n(?=(\w))")
_QUESTION_MARK: Final = re.compile("[?？؟\u037e]")
_TELLING_WORD: Final = re.compile(r"\w{6,}")


def review_letter(
    text: str,
    *,
    kind: FollowUpKind | None = None,
    language: str = "en",
    purpose: Purpose = Purpose.INFORMATIONAL,
    policy: Policy | None = None,
    talk: Interview | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a letter, by its kind; in every letter a job-ask, where the purpose is informational.

    - None, or CONTACT_REFERRAL: the first letter, which asks for a talk. Too many words, no question in it, nothing on how one came
      to them, nothing on the résumé (where `policy.resume` wants a word on it).
    - NUDGE: too many words, no question in it.
    - THANK_YOU: nothing in it that was learned. With the talk it is for, words from its answers and insights count as well.

    What stands in square brackets to be filled in says nothing yet. A language (BCP 47 tag) without a rule for it gives no finding
    on wording; words are counted, and question marks found, in any. Raises InvalidValue for
    what is no text, kind, language, purpose, policy or talk.
    """
    demand("review_letter", "text", text, str)
    demand("review_letter", "policy", policy, Policy, type(None))
    demand("review_letter", "talk", talk, Interview, type(None))
    kind = named(FollowUpKind, kind)
    said = _unwrapped(_FILL_IN.sub(" ", text))
    findings = [*job_asks(said, language, purpose)]
    if kind is None or kind in {FollowUpKind.CONTACT_REFERRAL, FollowUpKind.NUDGE}:
        findings += [*_too_long(text), *_without_question(said, language)]
    if kind is None or kind == FollowUpKind.CONTACT_REFERRAL:
        findings += _missing(FindingCode.OUTREACH_WITHOUT_CONNECTION, said, language)
        findings += _without_resume_decision(said, language, (policy or default_policy()).resume)
    if kind == FollowUpKind.THANK_YOU and not (talk is not None and _names_what_was_said(said, talk)):
        findings += _missing(FindingCode.THANK_YOU_WITHOUT_TAKEAWAY, said, language)
    return tuple(findings)


def _unwrapped(text: str) -> str:
    """A sentence broken over two lines is one; a line that begins with a capital is joined only to one of full length."""
    joined = _WRAPPED.sub(" ", text)
    return _LINE_START.sub(lambda found: " " if found[1].islower() else "\n", joined)


def _too_long(text: str) -> Iterator[Finding]:
    words = len(text.split())
    if words > OUTREACH_WORDS:
        yield hint(
            FindingCode.OUTREACH_TOO_LONG,
            f"{words} words",
            f"Cut it to {OUTREACH_WORDS} words at most, better to {BETTER_WORDS}: who you are to them, what you would like to "
            "learn, how long it takes.",
        )


def _without_question(text: str, language: str) -> Iterator[Finding]:
    """By the language's rule for what asks; where it has none, by the question mark."""
    rules = word_rules(language)
    rule = rules and rules.absences.get(FindingCode.OUTREACH_WITHOUT_QUESTION)
    if not (rule.is_there(text) if rule else _QUESTION_MARK.search(text)):
        suggestion = rule.suggestion if rule else "End on one question, as “Could we talk for twenty minutes next week?”"
        yield warning(FindingCode.OUTREACH_WITHOUT_QUESTION, text, suggestion)


def _without_resume_decision(text: str, language: str, wanted: ResumePolicy) -> Iterator[Finding]:
    if wanted is not ResumePolicy.LEFT_OUT:
        yield from _missing(FindingCode.NO_RESUME_DECISION, text, language, variant=wanted)


def _missing(code: FindingCode, text: str, language: str, *, variant: str = "") -> list[Finding]:
    rules = word_rules(language)
    remarks: Iterator[Remark] = rules.on_absence(code, text, variant=variant) if rules else iter(())
    return [hint(code, remark.text, remark.suggestion) for remark in remarks]


def _names_what_was_said(text: str, talk: Interview) -> bool:
    """Whether two telling words of an answer or insight, or the only one it has, come back in the letter. Short words tell nothing."""
    written = _telling_words(text)
    said = (_telling_words(one.text) for one in (talk.debrief.said if talk.debrief else ()))
    return any(words and len(words & written) >= min(2, len(words)) for words in said)


def _telling_words(text: str) -> set[str]:
    return set(_TELLING_WORD.findall(text.casefold()))
