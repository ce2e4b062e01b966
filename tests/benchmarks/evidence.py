"""What comparing the talks of an exploration costs: verdicts, beliefs, warnings, the matrix and whom to ask next. Against the bars:
thirty talks with three hundred insights in ten milliseconds, or, on whatever machine, in so many times making the same insights;
and the time per insight growing by less than a third from a hundred talks to two thousand. For that, twenty campaigns of a hundred
are gone through in turn: as many facts as one of two thousand has, so that neither finds its own in the processor's cache. What the
growth is where the hundred are found there is printed too.

    python tests/benchmarks/evidence.py

Ends with 1 where a bar is missed. The facts are frozen before measuring (`gc.freeze`): they are the app's, and how often Python's
collector goes over them all depends on what else the app holds.
"""

import gc
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

from attrs import evolve

from infoint import Campaign, Contact, Debrief, Exploration, Insight, Interview, Meeting, MeetingFormat, Profile, Topic, Valence
from infoint.model import Answer, Belief, HistoryEntry, Peaks, derive_id
from infoint.model.contact import ContactRole, Seniority
from infoint.model.events import Debriefed, Held, Requested, Scheduled
from infoint.model.interview import AgendaItem
from infoint.practice import compare, default_policy, next_steps, referral_tree

PER_TALK = 10
"""Insights."""
BAR, GROWTH = 0.010, 1.3
"""Seconds for thirty talks; how much more an insight may take among two thousand than among a hundred."""
TIMES_BY_HAND = 6.0
"""Or, where a slow machine misses the ten milliseconds: so many times making the same three hundred insights."""
T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)
UX = Exploration(id=derive_id("ux"), subject="UX research", beliefs=tuple(Belief(f"Belief {n}", key=f"b{n}") for n in range(5)))
QUESTIONS = list(default_policy().bank)


def campaign_of(talks: int, *, first: int = 0, chain: bool = False) -> Campaign:
    """One person each; a third of them begin a chain of introductions, or all hang on one."""
    facts: list[Contact | Interview] = []
    for number in range(first, first + talks):
        begins = number == first or (number % 3 == 0 and not chain)
        person = Contact(
            id=derive_id("person", number),
            name=f"Person {number}",
            organization=f"House {number % 40}",
            role=ContactRole.PRACTITIONER,
            seniority=list(Seniority)[number % 3],
            referred_by=None if begins else derive_id("person", number - 1),
        )
        facts += [person, talk_with(person, number)]
    return Campaign(profile=Profile(zone="Europe/Madrid")).including(UX, *facts)


def talk_with(person: Contact, number: int) -> Interview:
    """Five questions, all answered, and ten insights."""
    asked = [QUESTIONS[(number * 5 + place) % len(QUESTIONS)] for place in range(5)]
    learned = Debrief(
        answers=tuple(Answer(question.id, "So it is.") for question in asked), insights=tuple(insights_of(number))
    )
    meeting = Meeting(start=T0 + timedelta(hours=number), format=MeetingFormat.PHONE)
    told = (Requested(), Scheduled(meeting), Held(), Debriefed(learned))
    return Interview(
        id=derive_id("talk", number),
        contact_ids=(person.id,),
        exploration_id=UX.id,
        agenda=tuple(map(AgendaItem, asked)),
        history=tuple(HistoryEntry(meeting.start, event) for event in told),
    )


def insights_of(number: int) -> list[Insight]:
    """On ten of the bank's topics, on all sides."""
    return [
        Insight(
            f"Insight {place}",
            Topic.known[(number * 3 + place) % len(Topic.known)],
            list(Valence)[(number + place) % 3],
            Peaks.SKILLS if place % 5 == 0 else Peaks(0),
            supports=f"b{number % 5}" if place == 1 else "",
        )
        for place in range(PER_TALK)
    ]


def evidence(campaign: Campaign) -> int:
    """All there is to say of an exploration, each verdict and count asked for."""
    found = compare(UX, campaign)
    counts = [(one.verdict, one.people, one.organizations, one.seniorities, one.referral_roots) for one in found.topics]
    ledger = [(one.standing, one.verdict) for one in found.beliefs]
    return len(counts) + len(ledger) + len(next_steps(UX, campaign))


def unread(campaign: Campaign) -> Campaign:
    """The same facts as they come from a database: no history read, nothing looked up yet."""
    return evolve(campaign, interviews=tuple(map(evolve, campaign.interviews)))


def best(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Processor seconds: the least, which disturbances do not touch, and the median."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times), median(times)


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    few, hundreds = campaign_of(30), [campaign_of(100, first=number * 100) for number in range(20)]
    many, chain = campaign_of(2_000), campaign_of(2_000, chain=True)
    fresh = [unread(few) for _ in range(30)]
    gc.freeze()
    by_hand, _ = best(lambda: [insights_of(number) for number in range(30)], 30)
    first, first_median = best(lambda: evidence(fresh.pop()), 30)
    again, _ = best(lambda: evidence(few), 30)
    print(
        f"30 talks, 300 insights: {first * 1000:.1f} ms (median {first_median * 1000:.1f}), {first / by_hand:.1f} × making them"
    )
    print(f"  read before:          {again * 1000:.1f} ms")
    works: dict[str, Callable[[], object]] = {
        "20 × 100 talks": lambda: [evidence(campaign) for campaign in hundreds],
        "2,000 talks": lambda: evidence(many),
        "2,000 in one chain": lambda: evidence(chain),
    }
    # In turns: what else the machine does falls on all alike.
    rounds = [{name: best(work, 1)[0] for name, work in works.items()} for _ in range(15)]
    growths = {name: median(one[name] / one["20 × 100 talks"] for one in rounds) for name in works}
    least = {name: min(one[name] for one in rounds) for name in works}
    for name, growth in growths.items():
        print(f"{name:<24}{least[name] / 2_000 / PER_TALK * 1e6:.1f} µs an insight, growth {growth:.2f}")
    cached, _ = best(lambda: evidence(hundreds[0]), 30)
    print(f"  against one hundred in the cache: growth {least['2,000 talks'] / 20 / cached:.2f}")
    small, large = (
        best(lambda: [referral_tree(campaign) for campaign in hundreds], 3)[0],
        best(lambda: referral_tree(many), 3)[0],
    )
    print(f"referral_tree of 2,000: {large * 1000:.0f} ms, growth {large / small:.2f}")
    missed = (first > BAR and first / by_hand > TIMES_BY_HAND) or max(growths.values()) > GROWTH
    print("over the bar" if missed else "within the bars")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
