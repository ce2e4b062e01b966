"""The files of a small campaign, byte for byte: what people have in their folders does not change unnoticed."""

import os
from datetime import UTC, datetime
from pathlib import Path

import infoint_vault
import pytest
from attrs import evolve
from infoint_vault.storage import VaultStorage

import infoint
from infoint import codec
from infoint.model.identity import Entity
from infoint.storage.contract import IndexField, Write
from infoint.testing import sample_campaign
from infoint.workspace.unit_of_work import KINDS, PROFILE_ID

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def write_of(entity: Entity) -> Write:
    return Write(
        kind=KINDS[type(entity)], id=entity.id, expect=0, updated_at=AT, schema=codec.SCHEMA, data=codec.dump(entity),
        index={IndexField(name): values for name, values in codec.index(entity).items()}, text=codec.text(entity),
    )  # fmt: skip  # field by field would hide that it is the entity


def made(folder: Path) -> dict[str, bytes]:
    campaign = sample_campaign(talks=2)
    entities = [
        evolve(campaign.profile, id=PROFILE_ID), *campaign.explorations, *campaign.contacts, *campaign.interviews, *campaign.follow_ups,
    ]  # fmt: skip  # a list
    storage = VaultStorage(folder)
    storage.open(create=True)
    with storage.session("default", write=True) as session:
        session.put_many([write_of(entity) for entity in entities])
        session.commit()
    with storage.session("default", write=True) as session:
        last = write_of(campaign.follow_ups[-1])
        session.put_many([evolve(last, expect=1, data={}, index={}, text="", deleted=True)])
        session.commit()
    storage.close()
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".infoint" not in path.parts
    }


def test_files_of_a_campaign_are_those_of_before(tmp_path: Path) -> None:
    """A file is called, laid out or quoted otherwise than before: everybody's git would show it all as changed."""
    found = made(tmp_path / "vault")
    if os.environ.get("INFOINT_REGENERATE_GOLDEN"):
        for name, content in found.items():
            path = GOLDEN / name.replace(".gitignore", "gitignore")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    wanted = {str(path.relative_to(GOLDEN)): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}
    found[".gitignore".removeprefix(".")] = found.pop(".gitignore")
    assert found == wanted


def test_golden_vault_is_a_campaign(tmp_path: Path) -> None:
    """A vault of before can no longer be read, or says another campaign."""
    for path in GOLDEN.rglob("*"):
        if path.is_file():
            target = tmp_path / "vault" / path.relative_to(GOLDEN)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    with infoint.open(f"vault:{tmp_path / 'vault'}", plugins=[infoint_vault]) as ws:
        campaign, sample = ws.campaign(), sample_campaign(talks=2)
        assert set(campaign.contacts) == set(sample.contacts)
        assert set(campaign.interviews) == set(sample.interviews)
        assert len(campaign.follow_ups) == len(sample.follow_ups) - 1
        assert list(ws.engine.storage.check(deep=True)) == []


@pytest.mark.parametrize("format", ["ics"])
def test_calendar_of_a_vault_is_that_of_other_storages(tmp_path: Path, format: str) -> None:
    """The same campaign exports otherwise because it lies in a vault."""
    made(tmp_path / "vault")
    with (
        infoint.open(f"vault:{tmp_path / 'vault'}", plugins=[infoint_vault]) as ws,
        infoint.open("memory:", zone="America/Chicago") as other,
    ):
        with ws.engine.storage.session("default") as session:
            records = session.changes("", limit=10_000).items
        other.engine.storage.drop_workspace("default")
        other.engine.storage.load("default", records)
        assert ws.calendar().to_bytes(format) == other.calendar().to_bytes(format)
