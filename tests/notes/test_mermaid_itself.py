"""What Mermaid itself makes of our graphs, in a browser, with every check of its own switched off: `test_safe_mermaid` holds them to
our rule, this holds the rule to Mermaid. Needs the Debian package `chromium`, and `INFOINT_MERMAID`: the file `mermaid.min.js`.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date
from html import unescape
from pathlib import Path
from typing import TypedDict

import pytest
from attrs import evolve

from infoint import Campaign
from infoint.notes import draw_pipeline, draw_referrals, draw_timeline
from infoint.notes.figures.graph_text import Arc, Node, mermaid
from infoint.notes.lettering import one_line
from infoint.testing import HOSTILE_TEXTS, sample_campaign

pytestmark = pytest.mark.slow

CHROMIUM, MERMAID = shutil.which("chromium"), os.environ.get("INFOINT_MERMAID", "")
ON = date(2026, 11, 16)
PAGE = """<!doctype html><meta charset="utf-8"><script src="mermaid.js"></script><script>
let ran = 0
window.alert = window.open = window.print = () => { ran += 1 }
onload = async () => {
  mermaid.initialize({ startOnLoad: false, securityLevel: "loose" })
  const told = []
  for (const [place, source] of Object.entries(GRAPHS)) {
    const box = document.createElement("div")
    document.body.append(box)
    let error = ""
    try {
      const { svg, bindFunctions } = await mermaid.render(`graph${place}`, source)
      box.innerHTML = svg
      bindFunctions?.(box)
    } catch (problem) { error = String(problem) }
    for (const one of box.querySelectorAll("*")) one.dispatchEvent(new MouseEvent("click"))
    const within = [...box.querySelectorAll("*")]
    const said = query => [...box.querySelectorAll(query)].map(one => one.textContent)
    told.push({
      error, nodes: said(".nodeLabel"), arcs: said(".edgeLabel .edgeLabel"), title: said("title"), texts: said("text"), ran,
      elements: [...new Set(within.map(one => one.localName))],
      attributes: [...new Set(within.flatMap(one => [...one.attributes]).map(one => one.name))],
    })
    box.remove()
  }
  const all = document.createElement("pre")
  all.textContent = JSON.stringify(told)
  document.body.replaceChildren(all)
}
</script>"""


class Drawn(TypedDict):
    """One graph, as the page has it."""

    error: str
    nodes: list[str]
    arcs: list[str]
    title: list[str]
    texts: list[str]
    ran: int
    elements: list[str]
    attributes: list[str]


@pytest.fixture(scope="module", autouse=True)
def _mermaid() -> None:
    missing = [
        what
        for what, there in (("chromium", CHROMIUM), ("mermaid.min.js by INFOINT_MERMAID", Path(MERMAID).is_file()))
        if not there
    ]
    if missing and os.environ.get("INFOINT_ALL_READERS"):
        pytest.fail(f"missing: {' and '.join(missing)}")
    if missing:
        pytest.skip(f"missing: {' and '.join(missing)}")


def drawn(graphs: Sequence[str], folder: Path) -> list[Drawn]:
    """What Mermaid made of each; every element was clicked."""
    (folder / "mermaid.js").symlink_to(Path(MERMAID).resolve())
    page = folder / "page.html"
    page.write_text(PAGE.replace("GRAPHS", json.dumps(graphs).replace("<", "\\u003c")), encoding="utf-8")
    command = [
        str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=60000", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(folder)}
    done = subprocess.run(command, check=True, capture_output=True, timeout=240, text=True, env=environment)
    told: list[Drawn] = json.loads(unescape(done.stdout.partition("<pre>")[2].partition("</pre>")[0]))
    assert len(told) == len(graphs)
    assert [one["error"] for one in told if one["error"]] == []
    return told


def shown(text: str) -> str:
    return one_line(text, 160) or "–"


def squeezed(text: str) -> str:
    return "".join(text.split())


def labels(source: str) -> list[str]:
    """Of a graph of ours: what stands between quotes, or in a timeline after each colon and on each line."""
    first, *lines = source.splitlines()
    if first == "timeline":
        parts = [part for line in lines for part in re.sub("^ *(?:title|section) ", "", line).split(" : ")]
    else:
        parts = [part for line in lines for part in re.findall('"(.*?)"', line)]
    return [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), part) for part in parts]


def about(name: str) -> Campaign:
    """A search in which everybody has this name."""
    campaign = sample_campaign(talks=6)
    return campaign.including(*(evolve(person, name=name) for person in campaign.contacts))


def test_labels_are_shown_as_they_are(tmp_path: Path) -> None:
    """A person's name would be markup, a link or a command on a page that shows the file, or lose its letters."""
    texts = ("plain words", *HOSTILE_TEXTS)
    graphs = [mermaid(text, [Node(text), Node(text, dashed=True)], [Arc(0, 1, text)]) for text in texts]
    plain, *others = drawn(graphs, tmp_path)
    for text, found in zip(HOSTILE_TEXTS, others, strict=True):
        assert (found["nodes"], found["arcs"], found["title"]) == ([shown(text)] * 2, [shown(text)], [shown(text)])
        assert (found["elements"], found["attributes"], found["ran"]) == (plain["elements"], plain["attributes"], 0)


def test_pictures_of_a_search_are_drawn_whole(tmp_path: Path) -> None:
    """One strange name, and nothing is drawn of the whole search, or not all of it; or it does something."""
    sources = [
        picture.mermaid
        for campaign in map(about, ("Ana Ruiz", *(text[:900] for text in HOSTILE_TEXTS)))
        for picture in (draw_pipeline(None, campaign), draw_referrals(None, campaign), draw_timeline(None, campaign, on=ON))
    ]
    told = drawn(sources, tmp_path)
    for place, (source, found) in enumerate(zip(sources, told, strict=True)):
        plain = told[place % 3]
        said = squeezed("".join(found["texts"] + found["nodes"] + found["arcs"]))
        assert [label for label in labels(source) if squeezed(label) not in said] == []
        assert set(found["elements"]) <= {*plain["elements"], "tspan"}
        assert set(found["attributes"]) <= set(plain["attributes"])
        assert found["ran"] == 0
