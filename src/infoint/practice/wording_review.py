"""What a careful adviser would remark on in the wording of questions and notes (practice §5). What gives a wording away is
`word_rules`', letters are `letter_review`'s.
"""

from collections.abc import Iterator
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.interview import Interview, Purpose
from infoint.practice.arguments import demand
from infoint.practice.finding import Finding, FindingCode, hint, warning
from infoint.practice.word_rules import Remark, word_rules

_MILD: Final = frozenset({FindingCode.LEADING, FindingCode.DOUBLE_BARRELLED, FindingCode.SEARCHABLE_FACT})


def review_question(text: str, *, language: str = "en", purpose: Purpose = Purpose.INFORMATIONAL) -> tuple[Finding, ...]:
    """What is wrong with the wording of a question: closed, leading, double-barrelled, a fact one could look up, a job-ask (only
    where the purpose is informational). A language (BCP 47 tag) without rules of its own gives no findings. Raises InvalidValue for
    what is no text, language or purpose.
    """
    demand("review_question", "text", text, str)
    rules = word_rules(language)
    if rules is None:
        return ()
    return (*map(_finding, rules.on_question(text)), *job_asks(text, language, purpose))


def job_asks(text: str, language: str, purpose: Purpose) -> Iterator[Finding]:
    """Each sentence that asks for a job where none should be asked for."""
    rules, purpose = word_rules(language), Purpose(purpose)
    if rules is not None and purpose is Purpose.INFORMATIONAL:
        yield from map(_finding, rules.on_job_asks(text))


def wording_findings(interview: Interview, campaign: Campaign) -> Iterator[Finding]:
    """The agenda question by question, each by the rules of its own language; then the notes, by those of the explorer's."""
    for item in interview.agenda:
        question = item.question
        findings = review_question(question.text, language=question.language, purpose=interview.purpose)
        yield from findings
        if not question.open_ended and not any(finding.code == FindingCode.CLOSED_QUESTION for finding in findings):
            yield warning(FindingCode.CLOSED_QUESTION, question.text, "Word it so that yes or no is no answer.")
    yield from job_asks(interview.notes, campaign.profile.language, interview.purpose)


def _finding(remark: Remark) -> Finding:
    code = FindingCode(remark.rule)
    return (hint if code in _MILD else warning)(code, remark.text, remark.suggestion)
