"""What the owner of a database does, from a terminal: `python -m infoint_postgres set-up URL`."""

import sys
from collections.abc import Sequence

from infoint.cli.discreet import DiscreetParser, masked
from infoint.errors import InfointError
from infoint_postgres.storage import PostgresStorage


def main() -> int:
    """0 where it went well, 1 where not."""
    parser = DiscreetParser(prog="python -m infoint_postgres")
    parser.add_argument("verb", choices=["set-up", "index-words", "distribute"])
    parser.add_argument("url", help="postgresql://owner@host/database; give the password in PGPASSWORD or ~/.pgpass")
    parser.add_argument("--dry-run", action="store_true", help="only tell the steps of set-up")
    given = parser.parse_args()
    try:
        storage = PostgresStorage(given.url)
        steps = _done(storage, given.verb, dry_run=given.dry_run)
    except InfointError as error:
        sys.stderr.write(f"{masked(str(error))}\n")
        return 1
    sys.stdout.write("\n".join(steps or ["nothing to do"]) + "\n")
    return 0


def _done(storage: PostgresStorage, verb: str, *, dry_run: bool) -> Sequence[str]:
    match verb:
        case "distribute":
            return storage.distribute()
        case "index-words":
            storage.index_words()
            return ["words are indexed"]
        case _:
            return storage.set_up(dry_run=dry_run)


if __name__ == "__main__":
    sys.exit(main())
