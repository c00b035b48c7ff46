"""The titles of the answers that are live, read anew when one of their files changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from guide.content import DATA
from guide.content.reader import Reader

Stamps = tuple[tuple[str, int, int], ...]


def titles() -> Mapping[str, str]:
    """Answer -> title, in the order of titles; faults of content are left to those who edit it."""
    return _read(_stamps())


def _stamps() -> Stamps:
    paths = sorted((DATA / "faq").glob("*.yml"))
    stats = [(path.name, path.stat()) for path in paths]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=2)
def _read(_: Stamps) -> Mapping[str, str]:
    reader = Reader(DATA)
    found = {id_: answer.title or id_ for id_, answer in reader.answers("2000-01").items()}
    return dict(sorted(found.items(), key=lambda pair: pair[1].lower()))
