"""What planning follow-ups costs, against constructing the same values by hand, ids included, in one run. Fails over the bar.

python tests/benchmarks/follow_up_planning.py
"""

import gc
import sys
from collections.abc import Callable
from time import perf_counter

from attrs import evolve

from infoint import Campaign, FollowUp, derive_id
from infoint.model.identity import NIL
from infoint.practice import Per, default_policy, plan_follow_ups
from infoint.testing import sample_campaign

BAR = 3.0
ROUNDS = 60


PER_PERSON = {rule.kind for rule in default_policy().follow_up_rules if rule.per is Per.PERSON}


def by_hand(planned: tuple[FollowUp, ...]) -> list[FollowUp]:
    """The floor: somebody who knows all of it already writes it down."""
    return [
        FollowUp(
            id=derive_id(
                "follow-up", one.kind, (one.contact_id or NIL) if one.kind in PER_PERSON else NIL, one.anchor, one.occurrence
            ),
            kind=one.kind,
            due=one.due,
            due_at=one.due_at,
            contact_id=one.contact_id,
            interview_id=one.interview_id,
            anchor=one.anchor,
            occurrence=one.occurrence,
            summary=one.summary,
            obligatory=one.obligatory,
            revision=one.revision,
            revised_at=one.revised_at,
        )
        for one in planned
    ]


def unread(campaign: Campaign) -> Campaign:
    """The same facts as they come out of a database: no history read, nothing looked up yet."""
    return evolve(campaign, interviews=tuple(evolve(talk) for talk in campaign.interviews))


def measured(work: Callable[[Campaign], object], prepared: Callable[[], Campaign]) -> float:
    """Seconds; the preparation does not count. Nor does the garbage collector, as in `timeit`: rounds that are all alike would meet
    it in the same column each time.
    """
    campaign = prepared()
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        work(campaign)
        return perf_counter() - start
    finally:
        gc.enable()


def main() -> int:
    """Print the table."""
    over = False
    print(
        f"{'talks':>5} {'follow-ups':>10} {'by hand':>9} {'planned':>9} {'ratio':>6} {'from rows':>9} {'ratio':>6} {'again':>9}"
    )
    for talks in (10, 50):
        whole = sample_campaign(talks=talks)
        bare = evolve(whole, follow_ups=())
        planned = plan_follow_ups(bare).new
        assert [one.id for one in by_hand(planned)] == [one.id for one in planned]
        # The least of many rounds: whatever else the machine does only adds.
        floors, plans, cold, again = [], [], [], []
        for _ in range(ROUNDS):
            floors.append(measured(lambda _, planned=planned: by_hand(planned), lambda bare=bare: bare))
            plans.append(measured(plan_follow_ups, lambda bare=bare: bare))
            cold.append(measured(plan_follow_ups, lambda bare=bare: unread(bare)))
            again.append(measured(plan_follow_ups, lambda whole=whole: whole))
        floor, plan, rows, second = (min(times) * 1000 for times in (floors, plans, cold, again))
        over = over or plan / floor > BAR
        print(
            f"{talks:>5} {len(planned):>10} {floor:>6.2f} ms {plan:>6.2f} ms {plan / floor:>6.2f} {rows:>6.2f} ms "
            f"{rows / floor:>6.2f} {second:>6.2f} ms"
        )
    print(f"bar: {BAR} × by hand; from rows: the histories are read too, as after loading; again: what is planned already")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
