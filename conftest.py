"""Every Python block of the docs and of README runs, in order, page by page, in a folder of its own."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser


def setup(namespace: dict[str, object]) -> None:
    """A folder that a page's snippets may write into."""
    folder = TemporaryDirectory()
    namespace["_folder"], namespace["_before"] = folder, Path.cwd()
    os.chdir(folder.name)


def teardown(namespace: dict[str, object]) -> None:
    """Back, and nothing left behind."""
    before, folder = namespace["_before"], namespace["_folder"]
    assert isinstance(before, Path)
    assert isinstance(folder, TemporaryDirectory)
    os.chdir(before)
    folder.cleanup()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/**/*.md"], setup=setup, teardown=teardown
).pytest()

