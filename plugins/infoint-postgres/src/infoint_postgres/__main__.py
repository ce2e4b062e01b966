"""What the owner of a database does, from a terminal: `python -m infoint_postgres set-up URL`."""

import argparse
import sys

from infoint.errors import InfointError
from infoint_postgres.storage import PostgresStorage


def main() -> int:
    """0 where it went well, 1 where not."""
    parser = argparse.ArgumentParser(prog="python -m infoint_postgres")
    parser.add_argument("verb", choices=["set-up", "distribute"])
    parser.add_argument("url", help="postgresql://owner@host/database; give the password in PGPASSWORD or ~/.pgpass")
    parser.add_argument("--dry-run", action="store_true", help="only tell the steps of set-up")
    given = parser.parse_args()
    try:
        storage = PostgresStorage(given.url)
        steps = storage.distribute() if given.verb == "distribute" else storage.set_up(dry_run=given.dry_run)
    except InfointError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(steps) or "nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(main())
