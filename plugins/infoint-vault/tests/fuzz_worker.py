"""Reads damaged files of a vault in a process whose memory is limited: seeds or names as arguments, what was wrong as lines of JSON."""

import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from attrs import evolve
from infoint_vault.page import read_page
from infoint_vault.page_writing import write_page
from infoint_vault.splices import same
from infoint_vault.yaml_text import NotReadable

MEMORY = 256 * 1024**2
"""Octets, beside what the program takes before it reads a file."""
SECONDS = 2.0
FILES = [path.read_bytes() for path in sorted((Path(__file__).parent / "golden").rglob("*.md"))]
WORDS = (
    b"---\n", b"\n---\n", b"...\n", b"```\n", b"````yaml agenda\n", b"```yaml agenda\n", b"```json x\n", b"~~~\n", b"<!-- infoint: x -->\n", b"infoint: {}\n",
    b"infoint: {kind: contact, version: 3, parts: a b}\n", b"infoint:\n  kind: x\n", b"<<<<<<< HEAD\n", b">>>>>>> x\n", b"=======\n", b"&a ", b"*a ", b"!!binary ",
    b"? ", b"- ", b": ", b"[", b"]", b"{", b"}", b"|-\n", b">\n", b"'", b'"', b"# ", b"\t", b"\r\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    "\u2028".encode(), "\x85".encode(), "😀".encode(), b"%YAML 1.1\n", b"id: x\n", b"version: -1", b"null", b"1e999", b"0" * 40, b"\\u0000", b"<<: ", b"body: draft",
)  # fmt: skip  # a list
_HEAD = b"---\ninfoint: {kind: note, version: 1, id: 00000000-0000-0000-0000-000000000007}\n"
SLOW: dict[str, Callable[[], bytes]] = {
    "brackets": lambda: b"---\na: " + b"[" * 1_000_000 + b"\n---\n",
    "dashes": lambda: b"---\n" + b"- " * 500_000 + b"\n---\n",
    "braces within": lambda: b"---\na: [" + b"{a: [x]}, " * 10_000 + b"]\n---\n",
    "a bomb": lambda: b"---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
    "fences without an end": lambda: _HEAD + b"---\n<!-- infoint -->\n" + b"```yaml a\n" * 100_000,
    "fences": lambda: _HEAD + b"---\n<!-- infoint -->\n" + b"".join(b"```yaml a%d\n```\n" % n for n in range(8_000)),
    "backticks": lambda: _HEAD + b"---\n<!-- infoint -->\n" + b"`" * 1_000_000,
    "marks": lambda: _HEAD + b"---\n" + b"<!-- infoint -->" * 60_000 + b"x",
    "spaces after our name": lambda: b"infoint:" + b" " * 1_000_000 + b"x",
    "line ends after our name": lambda: b"infoint:" + b"\r" * 1_000_000 + b"x",
    "merge marks": lambda: _HEAD + b"---\n" + b"<<<<<<<x\n" * 100_000,
    "quotes": lambda: b"---\na: '" + b"''" * 500_000 + b"\n---\n",
    "blank lines": lambda: b"\n" * 1_000_000,
    "keys": lambda: b"---\n" + b"".join(b"k%d: 1\n" % n for n in range(20_000)) + b"---\n",
    "a key of a megabyte": lambda: b"---\n" + b"k" * 1_000_000 + b": 1\n---\n",
    "folded": lambda: b"---\na: >\n" + b"  x\n\n" * 150_000 + b"---\n",
    "json": lambda: _HEAD + b"---\n<!-- infoint -->\n```json a\n" + b"[" * 500_000 + b"\n```\n",
    "digits": lambda: b"---\na: " + b"1" * 1_000_000 + b"\n---\n",
}


def mutated(seed: int) -> bytes:
    """A file of the golden vault, changed in some places; the same for the same seed."""
    chance = random.Random(seed)
    content = bytearray(chance.choice(FILES))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.choice((1, 1, 2, 8, 60, 400)))
        match chance.randrange(7):
            case 0:
                content[at:end] = b""
            case 1:
                content[at:at] = chance.choice(WORDS)
            case 2:
                content[at:end] = chance.choice(WORDS)
            case 3:
                content[at : at + 1] = bytes([chance.randrange(256)])
            case 4:
                content[at:at] = content[at:end] * chance.choice((1, 2, 50))
            case 5:
                lines = content.split(b"\n")
                line = lines.pop(chance.randrange(len(lines)))
                lines.insert(chance.randrange(len(lines) + 1), chance.choice((b"", b" ", b"  ", b"- ")) + line)
                content = bytearray(b"\n".join(lines))
            case _:
                other = chance.choice(FILES)
                cut = chance.randrange(len(other))
                content[at:end] = other[cut : cut + chance.choice((20, 200, 2000))]
    return bytes(content)


def outcome(content: bytes) -> str:
    """What becomes of a file; with "!" before it what may not."""
    try:
        page = read_page(content)
    except NotReadable as error:
        return error.problem.partition(" (")[0].partition(",")[0].partition(":")[0]
    except BaseException as error:  # noqa: BLE001  # that is what is looked for
        return f"!{type(error).__name__}: {error}"
    data = page.sheet.data | {"added": ["x"]}
    wanted = evolve(page.sheet, data=data, version=page.sheet.version + 1, id=page.sheet.id or UUID(int=7), untouched=True)
    try:
        found = read_page(write_page(wanted, page)).sheet
    except BaseException as error:  # noqa: BLE001  # as above
        return f"!saved over: {type(error).__name__}: {error}"
    return "read" if same(found.data, data) and found.version == wanted.version else "!saved over: something else"


def main(*told: str) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)
    seen: Counter[str] = Counter()
    for one in told if told[0] in SLOW else range(int(told[0]), int(told[1])):
        content = SLOW[one]() if isinstance(one, str) else mutated(one)
        began = time.process_time()
        became = outcome(content)
        seconds = time.process_time() - began
        seen[became.partition("!")[0]] += 1
        if became.startswith("!") or seconds > SECONDS:
            sys.stdout.write(json.dumps({"file": one, "outcome": became[:300], "seconds": seconds}) + "\n")
    sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
