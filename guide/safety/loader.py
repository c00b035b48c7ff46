"""Reads the patterns of danger from `data/safety`, and says what is wrong with them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import yaml

from guide.safety.patterns import Index, Kind, Patterns, Phrase, Sign
from guide.safety.phrases import Atom, PhraseCompiler, PhraseError
from guide.safety.text import Spelling, pieces

# In the folder of guide.settings.data_folder, which may not be imported here.
PATTERNS = Path(__file__).parents[2] / (os.environ.get("GUIDE_DATA") or "data") / "safety"

# The C loader reads the files ten times faster where it is installed.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SECTIONS = (
    "spelling", "lists", "harmless", "denied", "undenied", "over", "now", "told_of", "telling",
    "perhaps_asking", "asking", "signs",
)  # fmt: skip
_GUARDS = ("harmless", "over", "now", "told_of", "telling", "perhaps_asking", "asking")
_SPELLING = ("same", "skipped", "mend", "leave")
_LANGUAGE = re.compile("[a-z]{2}")
_SIGN = ("kind", "language", "body_first", "sure", "unless_asked", "at_least", "of")

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in the file: where (`key`, dotted) and what, for an editor."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


class PatternError(Exception):
    """The patterns have faults, all of them in `faults`; none of them is used."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


@cache
def load_patterns(path: Path = PATTERNS) -> Patterns:
    """Read and compile the patterns; kept, so that a second call costs nothing.

    Args:
        path: a folder, whose files are read in the order of their names, or a single file.

    Raises:
        PatternError: with all faults together, each naming file and key.
    """
    return _Loader(path).load()


class _Loader:
    """Collects faults while it reads the files."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.name
        self._faults: list[Fault] = []
        self._parts: list[tuple[str, dict[str, Any]]] = []

    def load(self) -> Patterns:
        self._read()
        # Without the sections nothing below makes sense, so these faults are told first.
        self._stop_at_faults()
        patterns = Patterns(
            spelling=self._spelling,
            denied=self._denied,
            undenied=self._all_words("undenied"),
            signs=Index(self._signs()),
            **{name: Index(self._guard(name)) for name in _GUARDS},
        )
        self._stop_at_faults()
        return patterns

    def _fault(self, key: str, text: str) -> None:
        self._faults.append(Fault(self._file, key, text))

    def _stop_at_faults(self) -> None:
        if self._faults:
            raise PatternError(self._faults)

    def _read(self) -> None:
        files = sorted(self._path.glob("*.yml")) if self._path.is_dir() else [self._path]
        for file in files:
            self._file = file.name
            self._parts.append((file.name, self._mapping("", self._yaml(file), _SECTIONS)))
        self._file = self._path.name
        self._stop_at_faults()
        for name in _SECTIONS:
            if not any(name in data for _, data in self._parts):
                self._fault(name, "is missing")

    def _yaml(self, file: Path) -> object:
        try:
            return yaml.load(file.read_text(encoding="utf-8"), _YAML)  # noqa: S506 (safe)
        except (OSError, UnicodeDecodeError) as error:
            self._fault("", f"cannot be read: {type(error).__name__}")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f"line {mark.line + 1}" if mark else ""
            self._fault(line, str(getattr(error, "problem", None) or "is no YAML"))
        return {}

    def _each(self, section: str) -> Iterator[Any]:
        """A section in every file that has it; faults found meanwhile name that file."""
        for file, data in self._parts:
            self._file = file
            if section in data:
                yield data[section]

    def _named(self, section: str) -> Iterator[tuple[str, object]]:
        """The names of a section with their values, over all files; a name may stand once."""
        seen: set[str] = set()
        for value in self._each(section):
            for name, item in self._mapping(section, value).items():
                if name in seen:
                    self._fault(f"{section}.{name}", "stands in another file too")
                seen.add(name)
                yield name, item

    def _mapping(self, key: str, value: object, allowed: tuple[str, ...] = ()) -> dict[str, Any]:
        """A mapping with text keys, all of them `allowed` (if any are named)."""
        if not isinstance(value, dict):
            self._fault(key, f"must be names with values, found {value!r}")
            return {}
        prefix = f"{key}." if key else ""
        for name in value:
            if not isinstance(name, str):
                self._fault(f"{prefix}{name}", "must be text; put it in quotes")
            elif allowed and name not in allowed:
                self._fault(f"{prefix}{name}", f"is unknown here; known are {', '.join(allowed)}")
        return {str(name): item for name, item in value.items()}

    def _texts(self, key: str, value: object) -> list[tuple[str, str]]:
        """A list of texts, each with its key."""
        if not isinstance(value, list) or not value:
            self._fault(key, f"must be a list of texts, found {value!r}")
            return []
        result = []
        for number, item in enumerate(value, 1):
            if isinstance(item, str) and item.strip():
                result.append((f"{key}[{number}]", item))
            else:
                self._fault(f"{key}[{number}]", f"must be text, found {item!r}; put it in quotes")
        return result

    @cached_property
    def _spelling(self) -> Spelling:
        same: dict[str, str] = {}
        words: dict[str, frozenset[str]] = dict.fromkeys(_SPELLING[1:], frozenset())
        for section in self._each("spelling"):
            parts = self._mapping("spelling", section, _SPELLING)
            for target, variants in self._mapping("spelling.same", parts.get("same", {})).items():
                for key, variant in self._texts(f"spelling.same.{target}", variants):
                    if spelled := " ".join(pieces(variant)):
                        same[spelled] = target
                    else:
                        self._fault(key, f"{variant!r} has no letters")
            for name in words.keys() & parts.keys():
                words[name] |= self._words(f"spelling.{name}", parts[name])
        # Every word in the files is meant as it stands and is not taken for a slip.
        known = {
            word for _, data in self._parts for text in _texts_in(data) for word in pieces(text)
        }
        return Spelling(same, words["skipped"], words["mend"], frozenset(known))

    @cached_property
    def _denied(self) -> frozenset[str]:
        return self._all_words("denied")

    def _all_words(self, section: str) -> frozenset[str]:
        return frozenset[str]().union(*(self._words(section, v) for v in self._each(section)))

    def _words(self, key: str, value: object) -> frozenset[str]:
        """A list of single words, spelled as in messages."""
        words = set()
        for place, text in self._texts(key, value):
            match pieces(text):
                case [word]:
                    words.add(word)
                case _:
                    self._fault(place, f"must be a single word, found {text!r}")
        return frozenset(words)

    @cached_property
    def _compiler(self) -> PhraseCompiler:
        compiler = PhraseCompiler(lambda run: self._spelling.line(pieces(run)), self._denied)
        for name, phrases in self._named("lists"):
            texts = self._texts(f"lists.{name}", phrases)
            good = [text for key, text in texts if self._try(key, compiler.add_list, name, [text])]
            if good:
                compiler.add_list(name, good)
        return compiler

    def _try(self, key: str, work: Callable[..., T], *arguments: object) -> T | None:
        try:
            return work(*arguments)
        except PhraseError as error:
            self._fault(key, str(error))
            return None

    def _phrases(self, key: str, value: object) -> Iterator[tuple[str, tuple[Atom, ...]]]:
        """The phrases of a list that can be understood, each with its key."""
        for place, text in self._texts(key, value):
            if atoms := self._try(place, self._compiler.compile, text):
                yield place, atoms

    def _guard(self, name: str) -> Iterator[Phrase]:
        for section in self._each(name):
            for key, atoms in self._phrases(name, section):
                if name == "harmless" and len(atoms) > 1:
                    self._fault(key, "joins with '&' what has to be taken out in one piece")
                yield Phrase(atoms)

    def _signs(self) -> Iterator[Phrase]:
        for name, value in self._named("signs"):
            key = f"signs.{name}"
            keys = self._mapping(key, value, _SIGN)
            sign = self._sign(key, name, keys)
            if not {"sure", "unless_asked", "of"} & keys.keys():
                self._fault(key, "has no phrases: give sure, unless_asked or of")
            for level in ("sure", "unless_asked"):
                if level in keys:
                    for _, atoms in self._phrases(f"{key}.{level}", keys[level]):
                        yield Phrase(atoms, sign, level == "sure")
            for place, group in self._texts(f"{key}.of", keys["of"]) if "of" in keys else ():
                if listed := self._try(place, self._compiler.compile, f"{{{group}}}"):
                    yield Phrase(listed, sign, sure=False, group=group)

    def _sign(self, key: str, name: str, keys: dict[str, Any]) -> Sign:
        kind, language = keys.get("kind"), keys.get("language", "en")
        if kind not in get_args(Kind):
            self._fault(
                f"{key}.kind", f"must be one of {', '.join(get_args(Kind))}, found {kind!r}"
            )
        if not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            self._fault(
                f"{key}.language", f"must be two letters such as en or es, found {language!r}"
            )
        body_first, at_least = keys.get("body_first", False), keys.get("at_least", 2)
        if not isinstance(body_first, bool):
            self._fault(f"{key}.body_first", f"must be true or false, found {body_first!r}")
        if not isinstance(at_least, int) or at_least < 1:
            self._fault(f"{key}.at_least", f"must be a number from 1, found {at_least!r}")
        return Sign(name, cast(Kind, kind), str(language), body_first, at_least)


def _texts_in(value: object) -> Iterator[str]:
    """Every text in nested lists and mappings, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts_in([*value, *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _texts_in(item)
