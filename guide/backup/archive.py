"""The file of a backup: a manifest with the sha256 of every part, and the parts."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
MAX_MANIFEST = 16 * 1024 * 1024
ROOTS = ("database", "data", "models", "var")
BLOCK = 1024 * 1024


class BackupError(Exception):
    """What keeps a backup from being made or put back, in words for who asked for it."""


def write(target: Path, files: Mapping[str, Path], about: Mapping[str, Any]) -> None:
    """Pack files that nobody changes meanwhile. The file appears whole; only its owner reads it.

    Args:
        target: what is made.
        files: by their name in the archive.
        about: what else the manifest tells.

    Raises:
        BackupError: there is such a file already, or it cannot be written.
    """
    parts = {name: {"sha256": _sha256(path), "size": path.stat().st_size}
             for name, path in sorted(files.items())}  # fmt: skip
    manifest = json.dumps({"format": FORMAT, **about, "files": parts}, indent=1).encode()
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=".backup-") as beside:  # its mode is 600
            with tarfile.open(fileobj=beside, mode="w:gz", compresslevel=6) as archive:
                archive.addfile(_member(MANIFEST, len(manifest)), io.BytesIO(manifest))
                for name, path in sorted(files.items()):
                    with path.open("rb") as source:
                        archive.addfile(_member(name, path.stat().st_size), source)
            beside.flush()
            os.fsync(beside.fileno())
            os.link(beside.name, target)
    except FileExistsError:
        raise BackupError(f"{target} is there already: choose another name") from None
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}") from None


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def unpack(source: Path, place: Callable[[str], Path]) -> dict[str, Any]:
    """The manifest, once every part is written where `place` says and is as the manifest has it.

    Raises:
        BackupError: it is no backup, or not whole. What was written by then may be anything.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            members = iter(archive)
            manifest = _manifest(archive, next(members, None))
            _parts(archive, members, manifest["files"], place)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        told = getattr(error, "strerror", None) or type(error).__name__
        raise BackupError(f"{source} cannot be read: {told}") from None
    return manifest


def _manifest(archive: tarfile.TarFile, first: tarfile.TarInfo | None) -> dict[str, Any]:
    if first is None or first.name != MANIFEST or not 0 < first.size <= MAX_MANIFEST:
        raise BackupError("this is no backup of the guide: it does not begin with a manifest")
    try:
        manifest = json.loads(_content(archive, first).read())
        good = manifest["format"] == FORMAT and all(
            _safe(name) and isinstance(part["size"], int) and isinstance(part["sha256"], str)
            for name, part in manifest["files"].items()
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        good = False
    if not good:
        raise BackupError("the manifest is none that this version of the guide can read")
    return dict(manifest)


def _safe(name: str) -> bool:
    """A file below one of `ROOTS` and nowhere else."""
    path = PurePosixPath(name)
    inside = len(path.parts) > 1 and path.parts[0] in ROOTS and ".." not in path.parts
    return inside and str(path) == name and name.isprintable() and "\\" not in name


def _parts(
    archive: tarfile.TarFile,
    members: Iterator[tarfile.TarInfo],
    expected: Mapping[str, Mapping[str, Any]],
    place: Callable[[str], Path],
) -> None:
    found = set()
    for member in members:
        part = expected.get(member.name)
        if part is None or member.name in found or member.size != part["size"]:
            raise BackupError(f"{member.name!r} is not as the manifest has it")
        path = place(member.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if _copy(_content(archive, member), path) != part["sha256"]:
            raise BackupError(f"{member.name!r} was changed since the backup")
        found.add(member.name)
    lacking = sorted(set(expected) - found)
    if lacking:
        raise BackupError(f"the backup is not whole: {lacking[0]!r} is missing")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    """Of a plain file: links and devices could lead anywhere."""
    content = archive.extractfile(member) if member.isreg() else None
    if content is None:
        raise BackupError(f"{member.name!r} is no plain file")
    return content  # type: ignore[return-value]


def _copy(source: BinaryIO, path: Path) -> str:
    """The sha256 of what was copied."""
    digest = hashlib.sha256()
    with path.open("xb") as file:
        while block := source.read(BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()
