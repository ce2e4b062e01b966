"""A calendar to subscribe to, from the server of the standard library.

    python examples/serve_feed.py interviews.db [PORT]

The first run issues a secret, prints the address that carries it, and keeps only its hash, beside the database; delete that file to
issue another. What is served tells when time is taken and nothing else: see FeedOptions.
"""

import secrets
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import infoint
from infoint.calendar import Feed, FeedToken, token_matches, webcal_link
from infoint.calendar.feed_servers import wsgi_app


class Discreet(WSGIRequestHandler):
    """Logs no paths: the secret stands in them."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """What was answered, and no more."""
        self.log_message("%s %s %s", self.command, code, size)


def server(engine: infoint.Engine, digest: str, port: int) -> WSGIServer:
    """On loopback only: put a web server with https before it."""

    def find_feed(secret: str) -> Feed | None:
        return engine.workspace("default").feed() if token_matches(secret, [digest]) else None

    return make_server("127.0.0.1", port, wsgi_app(find_feed), handler_class=Discreet)


def main(database: str, port: str = "8000") -> None:
    """Serve until interrupted."""
    kept = Path(f"{database}.feed")
    with infoint.Engine(f"sqlite:{database}", read_only=True) as engine:
        if not kept.exists():
            token = FeedToken.issue(secrets.token_bytes)
            kept.write_text(token.digest)
            print(f"Subscribe to {webcal_link(f'http://127.0.0.1:{port}/{token.secret}.ics')}", flush=True)
        with server(engine, kept.read_text(), int(port)) as serving:
            serving.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:3])
