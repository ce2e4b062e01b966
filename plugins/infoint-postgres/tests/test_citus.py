"""The tables are spread over a cluster as Citus wants to be told. A function of the same name stands in for it, and writes down what it hears."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("infoint_postgres", reason="infoint-postgres is tested in an environment of its own, with its dependencies")

from infoint_postgres.storage import PostgresStorage

from infoint.errors import NotFound, Unsupported
from infoint.testing.storage_case import put, write

RECORDER = """
    CREATE TABLE public.heard (number int GENERATED ALWAYS AS IDENTITY, said text);
    CREATE TABLE public.pg_dist_partition (logicalrelid regclass);
    GRANT SELECT ON public.pg_dist_partition TO PUBLIC;
    CREATE FUNCTION public.create_distributed_table(name regclass, key text, colocate_with text DEFAULT 'default') RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        INSERT INTO public.heard (said) VALUES (name || ' ' || key || ' ' || colocate_with);
        INSERT INTO public.pg_dist_partition VALUES (name);
        IF current_setting('infoint.refuse', true) = name::text THEN RAISE 'no'; END IF;
    END $$
"""


@pytest.fixture
def recorder(server: Any) -> Iterator[Any]:
    """What the function heard."""
    with server.admin() as admin:
        admin.execute(RECORDER)
        yield lambda: [said for (said,) in admin.execute("SELECT said FROM public.heard ORDER BY number").fetchall()]
        admin.execute("DROP FUNCTION public.create_distributed_table; DROP TABLE public.heard, public.pg_dist_partition")


def test_without_citus_it_is_unsupported(server: Any, schema: str) -> None:
    """On a server without Citus spreading seems to work, or ends in a native error."""
    with pytest.raises(Unsupported, match="Citus"):
        PostgresStorage(server.owner(schema)).distribute()


def test_tables_are_spread_by_the_workspace(server: Any, schema: str, recorder: Any) -> None:
    """A table is left out or spread before one that it refers to, by another column, apart from the others, or twice."""
    owner = PostgresStorage(server.owner(schema))
    spread = [f"{schema}.workspace", f"{schema}.record", f"{schema}.entry"]
    assert list(owner.distribute()) == spread
    assert recorder() == [
        f"{schema}.workspace workspace_id default",
        f"{schema}.record workspace_id {schema}.workspace",
        f"{schema}.entry workspace_id {schema}.workspace",
    ]
    assert list(owner.distribute()) == []
    assert len(recorder()) == 3


def test_spreading_that_fails_spreads_nothing(server: Any, schema: str, recorder: Any) -> None:
    """Half of the tables are spread, and a second call does not go on."""
    from infoint.errors import StorageError

    owner = PostgresStorage(server.owner(schema, options=f"-c%20infoint.refuse={schema}.record"))
    with pytest.raises(StorageError):
        owner.distribute()
    assert recorder() == []
    assert len(PostgresStorage(server.owner(schema)).distribute()) == 3


def test_what_is_not_set_up_is_not_spread(server: Any, recorder: Any) -> None:
    """Nothing was there to spread, and that is not said."""
    with pytest.raises(NotFound):
        PostgresStorage(server.owner(server.new_schema())).distribute()


def test_workers_hear_of_the_workspace(server: Any, schema: str, recorder: Any) -> None:
    """On a cluster the setting of the transaction does not reach the workers, and they show no rows."""
    storage = PostgresStorage(server.url(schema))
    storage.open()
    put(storage, write(1))
    with storage.session("ana") as session:
        assert session._wire.rows("SHOW citus.propagate_set_commands") == [("local",)]
    storage.close()
