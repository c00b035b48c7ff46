"""Reads the YAML files of a folder and collects what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a file: where (`key`, dotted) and what, for an editor."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


class PrivacyError(ValueError):
    """data/privacy has faults, all of them in `faults`; nothing is stored until they are gone."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Files:
    """The sections of a folder's files, read in the order of their names."""

    def __init__(self, folder: Path, sections: tuple[str, ...]) -> None:
        self._faults: list[Fault] = []
        self._file = folder.name
        self._parts: list[tuple[str, dict[str, Any]]] = []
        paths = sorted(folder.glob("*.yml"))
        if not paths:
            self.fault("", "holds no .yml files")
        for path in paths:
            self._file = path.name
            self._parts.append((path.name, self.mapping("", self._yaml(path), sections)))
        self._file = folder.name
        self.stop_at_faults()
        for section in sections:
            if not any(section in data for _, data in self._parts):
                self.fault(section, "is missing")
        self.stop_at_faults()

    def fault(self, key: str, text: str) -> None:
        """Note what is wrong in the file that is being read."""
        self._faults.append(Fault(self._file, key, text))

    def stop_at_faults(self) -> None:
        """Raises PrivacyError if there are any."""
        if self._faults:
            raise PrivacyError(self._faults)

    def _yaml(self, path: Path) -> object:
        try:
            return yaml.load(path.read_text(encoding="utf-8"), _YAML)  # noqa: S506 (safe)
        except (OSError, UnicodeDecodeError) as error:
            self.fault("", f"cannot be read: {type(error).__name__}")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f"line {mark.line + 1}" if mark else ""
            self.fault(line, str(getattr(error, "problem", None) or "is no YAML"))
        return {}

    def each(self, section: str) -> Iterator[Any]:
        """A section in every file that has it; faults found meanwhile name that file."""
        for file, data in self._parts:
            self._file = file
            if section in data:
                yield data[section]

    def named(self, section: str) -> Iterator[tuple[str, object]]:
        """The names of a section with their values; a name may stand once in all files."""
        seen: set[str] = set()
        for value in self.each(section):
            for name, item in self.mapping(section, value).items():
                if name in seen:
                    self.fault(f"{section}.{name}", "stands there twice")
                seen.add(name)
                yield name, item

    def mapping(
        self, key: str, value: object, allowed: tuple[str, ...] = (), needed: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """A mapping with text keys, all of them `allowed` (if any are named)."""
        if not isinstance(value, dict):
            self.fault(key, f"must be names with values, found {value!r}")
            return {}
        prefix = f"{key}." if key else ""
        for name in value:
            if not isinstance(name, str):
                self.fault(f"{prefix}{name}", "must be text; put it in quotes")
            elif allowed and name not in allowed:
                self.fault(f"{prefix}{name}", f"is unknown here; known are {', '.join(allowed)}")
        for name in needed:
            if name not in value:
                self.fault(f"{prefix}{name}", "is missing")
        return {str(name): item for name, item in value.items()}

    def texts(self, key: str, value: object) -> list[tuple[str, str]]:
        """A list of texts, each with its key; a text alone is a list of its words."""
        if isinstance(value, str):
            value = value.split()
        if not isinstance(value, list) or not value:
            self.fault(key, f"must be a list of texts, found {value!r}")
            return []
        result = []
        for number, item in enumerate(value, 1):
            if isinstance(item, str) and item.strip():
                result.append((f"{key}[{number}]", item))
            else:
                self.fault(f"{key}[{number}]", f"must be text, found {item!r}; put it in quotes")
        return result

    def all_texts(self, section: str) -> list[tuple[str, str]]:
        """The lists of a section, of all files together."""
        return [pair for value in self.each(section) for pair in self.texts(section, value)]
