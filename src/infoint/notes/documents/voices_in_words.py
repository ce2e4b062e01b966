"""How far it goes what several people say, in words: who agrees, how many of them are independent, where they stand. Which of it
stands where is the comparison's affair.
"""

from collections.abc import Iterable
from typing import Final

from infoint.model.debrief import Valence
from infoint.notes.documents.phrases import Phrases
from infoint.practice.sides import Sides
from infoint.practice.voices import Testimony, Verdict, Voice

_SIDES: Final = (Valence.POSITIVE, Valence.NEGATIVE, Valence.NEUTRAL)


def verdict_in_words(one: Testimony, verdict: Verdict | None, words: Phrases) -> str:
    """The verdict with its n: how many independent people stand where, and how many people they are, if these are more."""
    sides = one.sides
    match verdict:
        case Verdict.CONTESTED:
            pro = _counted("for", len(sides.for_it), one.on(Valence.POSITIVE), words)
            contra = _counted("against", len(sides.against), one.on(Valence.NEGATIVE), words)
            return _others(words.say("verdict.contested", pro=pro, contra=contra), sides, words)
        case Verdict.CORROBORATED:
            agreeing = next(said for valence in _SIDES if (said := one.on(valence)))
            sources = _counted("independent", sides.agreeing, agreeing, words)
            return _others(words.say("verdict.corroborated", sources=sources, stand=_stand(sides, words)), sides, words)
        case _:
            key = "verdict.one-source.of" if one.referral_roots == 1 and one.people > 1 else "verdict.one-source"
            return _others(words.say(key, count=str(one.people), stand=_stand(sides, words)), sides, words)


def people_in_words(people: int, independent: int, words: Phrases) -> str:
    """`independent`: how many sources they are, where that is to be said; 0 = it is not."""
    if people == 0:
        return words.say("count.nobody")
    if people == 1 or independent in {0, people}:
        return words.counted("count", people)
    return words.counted("count.sources", independent, people=str(people))


def _counted(side: str, roots: int, voices: Iterable[Voice], words: Phrases) -> str:
    people = len({voice.person.id for voice in voices})
    key = f"verdict.{side}" if people == roots else f"verdict.{side}.of"
    return words.say(key, count=str(roots), people=str(people))


def _others(verdict: str, sides: Sides, words: Phrases) -> str:
    """With those who see neither good nor bad in it, where others take a side."""
    sided = sides.for_it | sides.against
    more = len(sides.neither - sided) if sided else 0
    return words.say("verdict.others", verdict=verdict, count=str(more)) if more else verdict


def _stand(sides: Sides, words: Phrases) -> str:
    if sides.for_it and sides.against:
        return words.say("stand.both")
    return words.say(f"stand.{'for' if sides.for_it else 'against' if sides.against else 'neither'}")
