"""The files that make a folder a vault, and folders in it workspaces."""

import re
from typing import Final

from infoint.errors import Corrupt, FormatTooNew, InfointError
from infoint.storage.contract import check_workspace
from infoint_vault.disk import Disk, TooLarge
from infoint_vault.names import HIDDEN, VAULT_FILE, WORKSPACE_FILE
from infoint_vault.page import read_page
from infoint_vault.yaml_text import NotReadable, pair

FORMAT: Final = (1, 0)
"""Major, minor. A newer minor is readable here and keeps what this one writes; a newer major is not."""
_FORMAT_KEY: Final = "infoint-vault"
_WORKSPACE_KEY: Final = "infoint-workspace"
IGNORED: Final = f"{HIDDEN}/\n{HIDDEN}-*\n"
"""What git need not keep."""

_ABOUT: Final = """
# Informational interviews

infoint keeps its records here: a file for each, a folder for each kind. They may be edited by hand, also while infoint is running.

- Above, between the lines `---`, stand properties. Change their values; `id` and the line `infoint` are infoint's own.
- Below stands what you write: notes of a contact or a talk, the draft of a letter.
- After the line `<!-- infoint: … -->` follow lists in fences, as the history of a talk. They may be changed too; keep their form.
- Delete a file, and the record is removed; `removed` remembers that, so that calendars hear of it. Rename and move files as you like.
- A new file in `contact` is a new contact, by the name of the file.
- `… (conflict …).md` holds what infoint could not save because you had changed the file: take over what you want, and delete it.
"""


def vault_page() -> bytes:
    """What stands in a new vault, for people and for infoint."""
    return f"---\n{pair(_FORMAT_KEY, '.'.join(map(str, FORMAT)))}---\n{_ABOUT}".encode()


def check_format(disk: Disk) -> bool:
    """Whether there is a vault. Raises FormatTooNew, Corrupt."""
    try:
        content = disk.read(VAULT_FILE)
    except TooLarge as error:
        raise Corrupt(error.problem, place=VAULT_FILE) from None
    if content is None:
        return False
    found = re.fullmatch(r"([0-9]{1,6})\.[0-9]{1,6}", str(_front(content, VAULT_FILE).get(_FORMAT_KEY)))
    if not found:
        raise Corrupt(f"its front matter has lost {_FORMAT_KEY}: '{'.'.join(map(str, FORMAT))}'", place=VAULT_FILE)
    if int(found[1]) > FORMAT[0]:
        raise FormatTooNew(place=VAULT_FILE)
    return True


def workspace_page(key: str) -> bytes:
    """Makes a folder a workspace."""
    return f"---\n{pair(_WORKSPACE_KEY, key)}---\n".encode()


def workspaces_in(disk: Disk) -> tuple[dict[str, str], list[str]]:
    """Folder by key, and what is wrong with some of them."""
    found: dict[str, str] = {}
    problems: list[str] = []
    for entry in disk.entries(""):
        if entry.path.startswith("."):
            continue
        if entry.kind == "other":
            problems.append(f"{entry.path}: is a link, or no file: not followed")
        if entry.kind != "folder":
            continue
        place = f"{entry.path}/{WORKSPACE_FILE}"
        try:
            content = disk.read(place)
        except TooLarge as error:
            problems.append(f"{place}: {error.problem}, so nothing in its folder is seen")
            continue
        if content is None:
            continue
        try:
            key = check_workspace(str(_front(content, place).get(_WORKSPACE_KEY, "")))
        except InfointError:
            problems.append(f"{place}: has lost the key of its workspace, so nothing in its folder is seen")
            continue
        if key in found:
            problems.append(f"{place}: is a copy of {found[key]}/{WORKSPACE_FILE}, so nothing in its folder is seen")
        else:
            found[key] = entry.path
    return found, problems


def _front(content: bytes, place: str) -> dict[str, object]:
    try:
        return dict(read_page(content).sheet.data)
    except NotReadable as error:
        raise Corrupt(error.problem, place=place) from None
