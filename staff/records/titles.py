"""The titles of the answers that are live, read anew when one of their files changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from guide.content import DATA
from guide.content.reader import Reader
from staff.records.files import Stamps, stamps


def titles() -> Mapping[str, str]:
    """Answer -> title, in the order of titles; faults of content are left to those who edit it."""
    return _read(stamps(DATA / "faq"))


@lru_cache(maxsize=2)
def _read(_: Stamps) -> Mapping[str, str]:
    reader = Reader(DATA)
    found = {id_: answer.title or id_ for id_, answer in reader.answers("2000-01").items()}
    return dict(sorted(found.items(), key=lambda pair: pair[1].lower()))
