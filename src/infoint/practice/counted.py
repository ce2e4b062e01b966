"""Numbers with what they count, in English sentences for the explorer: "1 minute", "2 questions"."""


def counted(number: float, noun: str) -> str:
    """`noun` is the singular of a word whose plural takes an s."""
    return f"{number:g} {noun}{'' if number == 1 else 's'}"
