"""The page about the first plugin shows files of `plugins/infoint-example`: they are the same, and what is installed is what it says.

That its snippets run is seen to by Sybil (conftest.py).
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from infoint.hooks.inspection import known_hooks

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "plugins" / "infoint-example"
PAGE = (ROOT / "docs" / "tutorials" / "first-plugin.md").read_text(encoding="utf-8")


class Shown(NamedTuple):
    """A block of the page that is a file, or a part of one."""

    how: str
    path: str
    text: str


SHOWN = [
    Shown(*found) for found in re.findall(r"^<!-- (whole|part): (\S+) -->\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
]


@pytest.mark.parametrize("shown", SHOWN, ids=[f"{shown.how}:{shown.path}" for shown in SHOWN])
def test_page_shows_the_file(shown: Shown) -> None:
    """Whoever types in what the page shows would get another plugin than the one that is tested."""
    text = (PLUGIN / shown.path).read_text(encoding="utf-8")
    if shown.how == "whole":
        assert shown.text == text
    else:
        assert f"\n{shown.text}" in f"\n{text}"


def test_every_marked_block_is_compared() -> None:
    """A slip in a mark would take its block out of the comparison."""
    assert len(SHOWN) == len(re.findall("<!-- (?:whole|part)", PAGE)) > 0


def test_every_file_is_on_the_page() -> None:
    """A file would have come to the plugin that its tutorial says nothing of."""
    files = [file for file in PLUGIN.rglob("*") if file.suffix in {".py", ".toml"}]
    assert {str(file.relative_to(PLUGIN).as_posix()) for file in files} == {shown.path for shown in SHOWN}


def test_every_hook_is_on_the_page() -> None:
    """A hook would be missing from the list that is headed "All the hooks"."""
    assert set(re.findall(r"^\| \[`(\w+)`\]", PAGE, re.MULTILINE)) == set(known_hooks())


def test_installed_plugin_is_seen_as_the_page_says(tmp_path: Path) -> None:
    """The reader would look for their plugin and see something else than the page shows."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / "infoint_example.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    entries = "".join(f"{name} = {value}\n" for name, value in project["entry-points"]["infoint"].items())
    (info / "entry_points.txt").write_text(f"[infoint]\n{entries}", encoding="utf-8")
    found = re.search(r"<!-- run: installed -->\n```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    program, shown = found.groups()
    path = os.pathsep.join([str(tmp_path), str(PLUGIN / "src"), *sys.path])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INFOINT_")}
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, "PYTHONPATH": path, "INFOINT_PLUGINS": "example", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert run.stdout == shown
