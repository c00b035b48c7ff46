"""A Redis of one's own in a temporary folder, where its program is installed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.cluster.front import Redis


@contextmanager
def redis() -> Iterator[Redis]:
    """Running; a test may stop and start it. Ends it on leaving."""
    with tempfile.TemporaryDirectory(prefix="redis") as folder:
        server = Redis(Path(folder))
        server.start()
        try:
            server.wait(server.answers)
            yield server
        finally:
            server.end_all()
