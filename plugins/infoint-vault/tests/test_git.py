"""A vault in git: cloned with the line ends of Windows it is the same vault."""

import shutil
import subprocess
from pathlib import Path

import pytest
from infoint_vault.storage import VaultStorage

from infoint.testing.storage_case import WORKSPACE, got, put, tombstone, write

NOTES = "First.\n\n```yaml agenda\n- x\n```\n\n---\n\nLast."


def git(folder: Path, *arguments: str) -> str:
    named = (
        "-c",
        "user.name=Kim",
        "-c",
        "user.email=kim@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "protocol.file.allow=always",
    )
    done = subprocess.run(
        [shutil.which("git") or "git", *named, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("autocrlf", ["false", "true", "input"])
def test_round_trip_through_git(tmp_path: Path, autocrlf: str) -> None:
    """git does not keep all that counts, keeps what can be made again, or a clone is another vault."""
    here, there = tmp_path / "here", tmp_path / "there"
    storage = VaultStorage(here)
    storage.open(create=True)
    put(
        storage,
        write(1, data={"notes": NOTES, "windows": "a\r\nb", "agenda": [{"text": "x\ny"}]}),
        write(2, name="n", text="words"),
        write(3),
    )
    put(storage, tombstone(3), write(2, 1))
    before = [got(storage, number) for number in (1, 2, 3)]
    git(here, "init", "--quiet")
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message", "All")
    kept = git(here, "ls-files").split("\n")
    assert not [name for name in kept if ".infoint" in name]
    storage.close()
    git(tmp_path, "clone", "--quiet", "--config", f"core.autocrlf={autocrlf}", str(here), str(there))
    clone = VaultStorage(there)
    clone.open()
    if autocrlf == "true":
        assert b"\r\n" in next((there).rglob("*00000001.md")).read_bytes()
    for number, record in enumerate(before, start=1):
        found = got(clone, number)
        assert found is not None
        assert record is not None
        assert (found.data, found.index, found.text, found.version, found.deleted, found.updated_at) == (
            record.data, record.index, record.text, record.version, record.deleted, record.updated_at,
        )  # fmt: skip  # the two sides of one sentence
    assert git(there, "status", "--porcelain") == "", "opening a clone changed it"
    put(clone, write(1, 1, data={"notes": NOTES + "\n\nMore.", "windows": "a\r\nb", "agenda": [{"text": "x\ny"}]}))
    assert git(there, "diff", "--numstat").split("\t")[:2] == ["3", "1"], "two lines of prose, and the line of bookkeeping"
    git(there, "commit", "--quiet", "--all", "--message", "More")
    clone.close()
    storage.open()
    git(here, "pull", "--quiet", str(there), "HEAD")
    pulled = got(storage, 1)
    assert pulled is not None
    assert (pulled.version, pulled.data["notes"]) == (2, NOTES + "\n\nMore.")
    assert git(here, "status", "--porcelain") == "", "taking up what was pulled changed it"
    assert list(storage.check(deep=True)) == []
    assert WORKSPACE in storage.workspaces()
    storage.close()
