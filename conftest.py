"""For every test: Python blocks of the docs and of README run, in order, page by page, in a folder of its own; and Hypothesis tries
the same examples in each run: some, with INFOINT_HYPOTHESIS=thorough more of them, and with INFOINT_HYPOTHESIS=random new ones.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

# A test that fails today and not tomorrow tells nobody anything; whoever hunts for new examples does so on purpose.
settings.register_profile("steady", derandomize=True, deadline=None, max_examples=15)
settings.register_profile("thorough", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("INFOINT_HYPOTHESIS", "steady"))


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


SNIPPETS = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md", "docs/*/*/*.md"],
    setup=setup,
    teardown=teardown,
)
"""`tests/test_docs.py` looks here whether every page is among them."""

pytest_collect_file = SNIPPETS.pytest()
