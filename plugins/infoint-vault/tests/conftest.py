"""Nothing here is collected where the plugin is not installed: it has an environment of its own. And where files of tests lie."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

if find_spec("infoint_vault") is None or find_spec("yaml") is None:
    collect_ignore_glob = ["test_*.py"]

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory where there is such a place: these tests bring thousands of files down to the disk, one by one."""
    with TemporaryDirectory(prefix="vault-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)
