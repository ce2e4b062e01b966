"""What could not be saved lies beside its file for as long as it is nowhere else, and no longer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from infoint_vault.storage import VaultStorage

import infoint
from infoint.errors import Conflict
from infoint.workspace.unit_of_work import UnitOfWork


def at_once(ws: infoint.Workspace, place: Path, edit: Callable[[bytes], bytes], **changes: object) -> int:
    """A change by a work that is repeated, with an edit by hand during its first attempt. Gives how many attempts it took."""
    attempts = 0

    def work(unit: UnitOfWork) -> None:
        nonlocal attempts
        attempts += 1
        (bo,) = unit.contacts.find()
        unit.contacts.update(evolve(bo, **changes))
        if attempts == 1:
            place.write_bytes(edit(place.read_bytes()))

    ws.engine.run("default", work)
    return attempts


def beside(place: Path) -> list[str]:
    return sorted(path.name.removeprefix(f"{place.stem} ") for path in place.parent.glob("*(conflict*"))


EDITS: dict[str, tuple[Callable[[bytes], bytes], dict[str, object], bool]] = {
    "words added": (lambda content: content + b"\nMet in May.\n", {"title": "UX"}, True),
    "a remark added": (lambda content: content.replace(b"name: Bo Li", b"name: Bo Li  # tall"), {"title": "UX"}, True),
    "another value filled in": (lambda content: content.replace(b"location: ''", b"location: Bilbao"), {"title": "UX"}, True),
    "an item added": (lambda content: content.replace(b"  - b@li.example", b"  - b@li.example\n  - c@li.example"), {"title": "UX"}, True),
    "words replaced": (lambda content: content.replace(b"Likes tea.", b"Likes coffee."), {"title": "UX"}, False),
    "a value replaced": (lambda content: content.replace(b"Oak Labs", b"Elm Labs"), {"title": "UX"}, False),
    "an item taken away": (lambda content: content.replace(b"  - a@li.example\n", b""), {"title": "UX"}, False),
}  # fmt: skip  # one edit a line


@pytest.mark.parametrize("way", EDITS)
def test_conflict_file_goes_once_all_of_it_is_saved(way: str, tmp_path: Path) -> None:
    """A work that was repeated, and done, left a file for ever that asks to be looked at; or words went that were nowhere else."""
    edit, changes, goes = EDITS[way]
    with infoint.open(VaultStorage(tmp_path / "vault"), zone="Europe/Madrid") as ws:
        ws.contacts.add(
            infoint.Contact(
                name="Bo Li", organization="Oak Labs", emails=["a@li.example", "b@li.example"], notes="Likes tea.\n\nSings."
            )
        )
        (place,) = (tmp_path / "vault" / "default" / "contact").glob("bo-li-*.md")
        assert at_once(ws, place, edit, **changes) == 2
        (bo,) = ws.contacts.find()
        assert bo.title == "UX"
        assert (beside(place), len(ws.engine.storage.check())) == (([], 0) if goes else (["(conflict 2).md"], 1))


def test_conflict_file_of_another_change_stays(tmp_path: Path) -> None:
    """The next save of the record took away what had not been saved, what somebody noted in it, or what belongs to another record."""
    with infoint.open(VaultStorage(tmp_path / "vault"), zone="Europe/Madrid") as ws:
        bo = ws.contacts.add(infoint.Contact(name="Bo Li"))
        (place,) = (tmp_path / "vault" / "default" / "contact").glob("bo-li-*.md")
        with pytest.raises(Conflict), ws.transaction() as unit:
            unit.contacts.update(evolve(bo, title="UX"))
            place.write_bytes(place.read_bytes() + b"\nBy hand.\n")
        (bo,) = ws.contacts.find()
        bo = ws.contacts.update(evolve(bo, organization="Oak Labs"))
        assert beside(place) == ["(conflict 2).md"], "UX is nowhere else"
        (copy,) = place.parent.glob("*(conflict*")
        copy.write_bytes(copy.read_bytes().replace(b"title: UX", b"title: UX  # ask"))
        bo = ws.contacts.update(evolve(bo, title="UX"))
        assert beside(place) == ["(conflict 2).md"], "the remark is nowhere else"
        copy.write_bytes(copy.read_bytes().replace(b"  # ask", b""))
        ws.contacts.add(infoint.Contact(name="Bo Li", title="UX"))
        assert beside(place) == ["(conflict 2).md"], "it is not that one's"
        ws.contacts.update(evolve(bo, location="Bilbao"))
        assert (beside(place), len(ws.engine.storage.check(deep=True))) == ([], 0)
