"""Sentences that are made once and kept: reasons of questions and summaries of follow-ups, in the explorer's language."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from attrs import evolve

from infoint.model.campaign import Campaign
from infoint.model.follow_up import FollowUpKind
from infoint.model.identity import derive_id
from infoint.practice import (
    Busy,
    SlotRules,
    choose_agenda,
    default_policy,
    plan_follow_ups,
    propose_times,
    topic_phrases,
    why_no_times,
)
from infoint.practice.languages import read_shipped
from infoint.practice.rule_files import shipped_rules
from infoint.practice.sentences import joint, listed
from infoint.practice.toml_tables import parsed, texts
from infoint.testing import sample_campaign

FIELDS: Final = re.compile(r"\{(\w+)\}")
AFTER: Final = datetime(2026, 11, 16, 15, tzinfo=UTC)
WORDS: Final = re.compile(r"[^\W\d_]{3,}")


def speaking(language: str) -> Campaign:
    campaign = sample_campaign(talks=9)
    return evolve(campaign, profile=evolve(campaign.profile, language=language))


def sentences(language: str) -> dict[str, str]:
    name = f"sentences.{language}.toml"
    tables = parsed(read_shipped(name), name)
    return {f"{part}.{key}": text for part in tables for key, text in texts(tables, part, name).items()}


def test_every_sentence_is_there_in_spanish() -> None:
    """Half of a Spanish sheet, or of a week, would be in English; or a sentence leave out whom it is about."""
    ours = sentences("en") | {f"follow-up.{rule.kind}": rule.summary for rule in shipped_rules()}
    spanish = sentences("es")
    assert set(spanish) == set(ours)
    for key, text in spanish.items():
        assert set(FIELDS.findall(text)) == set(FIELDS.findall(ours[key])), key
        assert text != ours[key], key


def test_an_agenda_says_why_in_spanish() -> None:
    """The reasons on a Spanish prep sheet would be English."""
    campaign = speaking("es-MX")
    whys = {item.why for item in choose_agenda(campaign.interviews[-1], campaign)}
    assert "Para el final: cada conversación debería llevar a la siguiente." in whys
    assert any(why.startswith("Todavía no se ha preguntado a nadie por ") for why in whys)
    english = set(WORDS.findall(" ".join(sentences("en").values()).casefold()))
    spanish = set(WORDS.findall(" ".join([*sentences("es").values(), *topic_phrases("es").values()]).casefold()))
    names = set(WORDS.findall(" ".join(person.name for person in campaign.contacts).casefold()))
    assert set(WORDS.findall(" ".join(whys).casefold())) & english - spanish - names == set()


def test_a_plan_says_what_to_do_in_spanish() -> None:
    """Somebody who reads Spanish would find an English list of what to do, week after week."""
    campaign = speaking("es-MX")
    planned = plan_follow_ups(evolve(campaign, follow_ups=())).new
    said = {one.summary for one in planned}
    assert "Dar las gracias a Ana Ruiz" in said
    assert not [one.summary for one in planned if re.match("(Thank|Tell|Write|Ask|Prepare|Confirm) ", one.summary)]
    assert {one.id for one in planned} == {one.id for one in plan_follow_ups(evolve(speaking("en"), follow_ups=())).new}


def test_words_of_an_app_stay() -> None:
    """Whoever words a rule anew would find our words in place of theirs."""
    policy = default_policy()
    own = tuple(
        evolve(rule, summary="Say thank you to {contact}") if rule.kind == FollowUpKind.THANK_YOU else rule
        for rule in policy.follow_up_rules
    )
    planned = plan_follow_ups(evolve(speaking("es"), follow_ups=()), policy=evolve(policy, follow_up_rules=own)).new
    assert {one.summary.partition(" to ")[0] for one in planned if one.kind == FollowUpKind.THANK_YOU} == {"Say thank you"}


def test_several_are_listed_as_a_language_lists_them() -> None:
    """A talk with three people would be told of in two languages at once."""
    assert listed(("Ana", "Bo", "Cy"), "es") == "Ana, Bo y Cy"
    assert listed(("Ana", "Bo", "Cy"), "tlh") == "Ana, Bo and Cy"
    assert listed(("Ana",), "es") == "Ana"
    assert listed(("Ana", "Inés"), "es-MX") == "Ana e Inés"
    assert listed(("Ana", "Hilda"), "es") == "Ana e Hilda"
    assert listed(("Ana", "íñigo"), "es") == "Ana e íñigo"
    assert listed(("Ana", "Iara"), "es") == "Ana y Iara"
    assert listed(("Ana", "Hielo"), "es") == "Ana y Hielo"
    assert listed(("Ana", "Inés"), "en") == "Ana and Inés"
    assert joint("or", "oro", "es") == "or.sound"
    assert joint("or", "Inés", "es") == joint("or", "oro", "en") == "or"


def test_times_say_why_in_spanish() -> None:
    """Whoever chooses between times would read why in English, or why there is none."""
    spanish, english = speaking("es"), speaking("en")
    new = evolve(spanish.interviews[0], id=derive_id("new"), history=(), agenda=())
    busy = [Busy(AFTER + timedelta(days=day, hours=2), AFTER + timedelta(days=day, hours=3), "") for day in range(7)]

    def said(campaign: Campaign, until: date, rules: SlotRules) -> list[str]:
        about = {"busy": busy, "after": AFTER, "until": until, "rules": rules}
        slots = propose_times(new, campaign.including(new), **about)  # type: ignore[arg-type]  # as they are named
        told = [reason for slot in slots for reason in slot.reasons]
        return told or [why_no_times(new, campaign.including(new), **about)]  # type: ignore[arg-type]  # as above

    scenes = [
        (date(2026, 11, 25), SlotRules(count=9, notice=timedelta(0), travel=timedelta(minutes=20))),
        (date(2026, 11, 18), SlotRules(count=9, notice=timedelta(hours=50))),
        (date(2026, 11, 18), SlotRules(count=9, before=timedelta(hours=6), after=timedelta(hours=6))),
    ]
    ours = set(WORDS.findall(" ".join(text for key, text in sentences("en").items() if key.startswith("times.")).casefold()))
    theirs = set(WORDS.findall(" ".join(sentences("es").values()).casefold()))
    for until, rules in scenes:
        told = " ".join(said(spanish, until, rules)).casefold()
        assert told != " ".join(said(english, until, rules)).casefold()
        assert set(WORDS.findall(told)) & ours - theirs == set()
    assert any("para usted" in reason for reason in said(spanish, *scenes[0]))
    assert said(spanish, *scenes[1])[0].startswith("Con 50 horas de antelación")
