"""When was a folder of content changed?"""

from __future__ import annotations

from pathlib import Path

Stamps = tuple[tuple[str, int, int], ...]


def stamps(folder: Path) -> Stamps:
    """What changes when a file does: names, times and sizes; () where there is no folder."""
    return tuple(sorted(_stamps(folder)))


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    found = []
    for path in folder.rglob("*.yml"):
        try:
            status = path.stat()
        except OSError:  # Go live is just replacing it
            continue
        found.append((path.relative_to(folder).as_posix(), status.st_mtime_ns, status.st_size))
    return found
