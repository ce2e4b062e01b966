"""Whether a talk has room for a mix of questions, and if not, why (practice §4). Choosing the questions is `agenda`'s, judging an
agenda that is there `review`'s.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from infoint.model.campaign import Campaign
from infoint.model.interview import Interview
from infoint.model.question import Domain, Question, Tone, Topic
from infoint.practice.agenda import choose_agenda, most_questions, shrunk, suitable_questions, talk_length
from infoint.practice.arguments import demand, demand_talk
from infoint.practice.counted import counted
from infoint.practice.policy import Mix, Policy, default_policy

_ABOUT: Final[Mapping[Domain, str]] = {
    Domain.PERSON: "about the person",
    Domain.FIELD: "about the field",
    Domain.ADVICE: "for advice",
}


def explain_mix(
    interview: Interview, campaign: Campaign, *, mix: Mix | None = None, policy: Policy | None = None
) -> tuple[str, ...]:
    """How the agenda that `choose_agenda` gives falls short of the mix (the policy's, unless one is given) and of what every talk
    needs, and why: one sentence each. Empty where nothing is amiss. Raises NotFound and InvalidValue as `choose_agenda`
    does.
    """
    demand_talk("explain_mix", interview, campaign)
    demand("explain_mix", "mix", mix, Mix, type(None))
    demand("explain_mix", "policy", policy, Policy, type(None))
    policy = policy or default_policy()
    mix = mix or policy.mix
    length = talk_length(interview)
    minutes = (length - policy.opening_and_close) // timedelta(minutes=1)
    chosen = [item.question for item in choose_agenda(interview, campaign, mix=mix, policy=policy)]
    suitable = suitable_questions(interview, campaign, policy.bank)
    there_is = [one for one in suitable if one.minutes <= minutes]
    fitting = shrunk(mix, most_questions(length))
    return (
        *_too_many(mix, fitting, length),
        *_too_few(fitting, suitable),
        *_too_long(fitting, suitable, chosen, minutes),
        *_left_out(mix),
        *_no_challenge(chosen),
        *_no_referral(mix, there_is, chosen),
    )


def _by_domain(mix: Mix) -> Mapping[Domain, int]:
    return {Domain.PERSON: mix.person, Domain.FIELD: mix.field, Domain.ADVICE: mix.advice}


def _too_many(mix: Mix, fitting: Mix, length: timedelta) -> Iterator[str]:
    if fitting != mix:
        yield (
            f"A talk of {counted(length.total_seconds() / 60, 'minute')} has room for {counted(fitting.total, 'question')}, "
            "one in five minutes: "
            f"{_figures(fitting)} instead of {_figures(mix)}."
        )


def _too_few(fitting: Mix, there_is: Sequence[Question]) -> Iterator[str]:
    supply = _supply(there_is)
    for domain, wanted in _by_domain(fitting).items():
        if supply[domain] < wanted:
            yield (
                f"Of {wanted} {_ABOUT[domain]} there {'is' if supply[domain] == 1 else 'are'} {supply[domain] or 'none'} left "
                "that these people can be asked: the others they had already, or are not meant for them, or are settled."
            )


def _too_long(fitting: Mix, there_is: Sequence[Question], chosen: Sequence[Question], minutes: int) -> Iterator[str]:
    supply = _supply(there_is)
    possible = sum(min(wanted, supply[domain]) for domain, wanted in _by_domain(fitting).items())
    if len(chosen) < possible:
        room = f"{counted(max(minutes, 0), 'minute')} there {'is' if minutes == 1 else 'are'}"
        yield f"The answers to {counted(possible, 'question')} take longer than the {room} for them."


def _left_out(mix: Mix) -> Iterator[str]:
    for domain, wanted in _by_domain(mix).items():
        if not wanted:
            yield f"Nothing is asked {_ABOUT[domain]}: the mix has no place for it."


def _no_challenge(chosen: Sequence[Question]) -> Iterator[str]:
    if chosen and not any(question.tone is Tone.CHALLENGE for question in chosen):
        yield "Nothing is asked about the hard side of the work: no question that fits is about it."


def _no_referral(mix: Mix, there_is: Sequence[Question], chosen: Sequence[Question]) -> Iterator[str]:
    if not chosen or chosen[-1].topic == Topic.WHO_ELSE:
        return
    places = _by_domain(mix)
    referrals = [question for question in there_is if question.topic == Topic.WHO_ELSE]
    if not referrals:
        why = "no such question is left for these people"
    elif not any(places[question.domain] for question in referrals):
        why = "the mix has no place for it"
    else:
        why = "there is one question only"
    yield f"Nobody is asked whom else to talk to: {why}."


def _supply(there_is: Sequence[Question]) -> Counter[Domain]:
    """Referral questions count once: an agenda has one at most."""
    supply = Counter(question.domain for question in there_is if question.topic != Topic.WHO_ELSE)
    supply.update({question.domain for question in there_is if question.topic == Topic.WHO_ELSE})
    return supply


def _figures(mix: Mix) -> str:
    return f"{mix.person}-{mix.field}-{mix.advice}"
