"""What the pages about PostgreSQL show is run, against a server; and what they say of row-level security is so."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

from infoint_postgres.storage import PostgresStorage

import infoint
from infoint import Contact
from infoint.errors import ReadOnly

ROOT = Path(__file__).parents[3]
URL = "postgresql://web@db.example/infoint"
HOW_TO = "docs/how-to/postgresql.md"


def shown(page: str, mark: str) -> str:
    """The one snippet of the page in which `mark` stands."""
    blocks = re.findall(r"^```(?:py|text)\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (snippet,) = (block for block in blocks if mark in block)
    assert URL in snippet
    return str(snippet)


@pytest.fixture
def names() -> Iterator[dict[str, Any]]:
    """Those of a snippet; an engine among them is closed."""
    made: dict[str, Any] = {}
    yield made
    if "engine" in made:
        made["engine"].close()


@pytest.mark.parametrize("page", [HOW_TO, "plugins/infoint-postgres/README.md"])
def test_engine_of_the_pages(server: Any, schema: str, names: dict[str, Any], page: str) -> None:
    """The first thing people copy would end in an error, as for an explorer who has no time zone yet."""
    exec(shown(page, "Engine(").replace(URL, server.url(schema)), names)  # noqa: S102  # our own pages
    (student,) = names["engine"].workspaces()
    assert "Ana Ruiz" in [contact.name for contact in names["engine"].workspace(student).contacts.find()]


def test_app_that_names_the_wrong_explorer_gets_theirs(server: Any, schema: str, names: dict[str, Any]) -> None:
    """The page would promise what no database can know, or not what it does keep: two explorers apart."""
    exec(shown(HOW_TO, "Engine(").replace(URL, server.url(schema)), names)  # noqa: S102  # our own page
    names["enrol"]("student-2", "Europe/London")
    names["introduce"]("student-2", ["Cy Dee"])
    engine = names["engine"]
    assert [contact.name for contact in engine.workspace("student-2").contacts.find()] == ["Cy Dee"]
    assert len(engine.workspace("student-1").contacts) == 2


def test_move_of_the_page(
    server: Any, schema: str, names: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's file would not move as the page says: it ends in an error, or loses what it held."""
    monkeypatch.chdir(tmp_path)
    with infoint.open("sqlite:interviews.db", zone="Europe/Madrid") as ws:
        ana = ws.contacts.add(Contact(name="Ana Ruiz"))
    snippet = shown(HOW_TO, "SqliteStorage(").replace(URL, server.url(schema))
    exec(snippet, names)  # noqa: S102  # our own page
    with infoint.Engine(server.url(schema), discover=True, create=False) as engine:
        assert engine.workspace("student-17").contacts.get(ana.id) == ana


def test_role_that_was_not_let_in_reads_what_to_grant(server: Any, schema: str) -> None:
    """Whoever runs the app would look for a file whose permissions to check."""
    with server.admin() as admin:
        admin.execute("CREATE ROLE stranger_of_the_tests LOGIN")
    storage = PostgresStorage(server.url(schema, "stranger_of_the_tests"))
    with pytest.raises(ReadOnly) as caught:
        storage.open()
    assert "this role lacks a right; " in str(caught.value)
    assert "GRANT infoint_app TO" in str(caught.value)
    assert "file" not in str(caught.value)
