"""Reads the patterns of danger from `data/safety.yml`, and says what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from guide.safety.phrases import Anchor, Atom, PhraseCompiler, PhraseError
from guide.safety.text import Spelling, pieces

PATTERNS = Path(__file__).parents[2] / "data" / "safety.yml"

Kind = Literal["emergency", "crisis", "urgent"]
Language = Literal["en", "es"]

_SECTIONS = (
    "spelling", "lists", "harmless", "denied", "undenied", "over", "now", "telling", "asking",
    "signs",
)  # fmt: skip
_GUARDS = ("harmless", "over", "now", "telling", "asking")
_SPELLING = ("same", "skipped", "mend", "leave")
_SIGN = ("kind", "language", "body_first", "sure", "unless_asked", "at_least", "of")


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


@dataclass(frozen=True)
class Sign:
    """One sign of danger; `body_first` where it stays an emergency beside talk of suicide."""

    name: str
    kind: Kind
    language: Language
    body_first: bool = False
    at_least: int = 1


@dataclass(frozen=True)
class Phrase:
    """A compiled phrase; `sign` is None in guards, `sure` tells that questions do not undo it."""

    atoms: tuple[Atom, ...]
    sign: Sign | None = None
    sure: bool = True
    group: str = ""


class Index:
    """Finds the few phrases whose rarest word stands in a message."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_start: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            rarest = max((atom.anchors[0] for atom in phrase.atoms), key=Anchor.weight)
            for word in rarest.words:
                self._by_word.setdefault(word, []).append(phrase)
            for start in rarest.starts:
                self._by_start.setdefault(start, []).append(phrase)
        self._lengths = sorted({len(start) for start in self._by_start})

    def candidates(self, words: frozenset[str]) -> Iterator[Phrase]:
        """Phrases that may fit a message with these words, each once."""
        seen: set[int] = set()
        for phrase in self._touched(words):
            if id(phrase) not in seen:
                seen.add(id(phrase))
                yield phrase

    def _touched(self, words: frozenset[str]) -> Iterator[Phrase]:
        # Sorted, so that of several signs of one kind always the same one is reported.
        for word in sorted(words):
            yield from self._by_word.get(word, ())
            for length in self._lengths:
                if length > len(word):
                    break
                yield from self._by_start.get(word[:length], ())


@dataclass(frozen=True)
class Patterns:
    """All patterns, compiled. `denied` and `undenied` are single words; the others are phrases."""

    spelling: Spelling
    denied: frozenset[str]
    undenied: frozenset[str]
    signs: Index
    harmless: Index
    over: Index
    now: Index
    telling: Index
    asking: Index


@cache
def load_patterns(path: Path = PATTERNS) -> Patterns:
    """Read and compile the patterns; kept, so that a second call costs nothing.

    Raises:
        PatternError: with all faults together, each naming file and key.
    """
    return _Loader(path).load()


class _Loader:
    """Collects faults while it reads one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._faults: list[Fault] = []
        self._data: dict[str, Any] = {}

    def load(self) -> Patterns:
        self._read()
        # Without the sections nothing below makes sense, so these faults are told first.
        self._stop_at_faults()
        patterns = Patterns(
            spelling=self._spelling,
            denied=self._denied,
            undenied=self._single_words("undenied"),
            signs=Index(self._signs()),
            **{name: Index(self._guard(name)) for name in _GUARDS},
        )
        self._stop_at_faults()
        return patterns

    def _fault(self, key: str, text: str) -> None:
        self._faults.append(Fault(self._path.name, key, text))

    def _stop_at_faults(self) -> None:
        if self._faults:
            raise PatternError(self._faults)

    def _read(self) -> None:
        try:
            data = yaml.safe_load(self._path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            return self._fault("", f"cannot be read: {type(error).__name__}")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f"line {mark.line + 1}" if mark else ""
            return self._fault(line, str(getattr(error, "problem", None) or "is no YAML"))
        self._data = self._mapping("", data, _SECTIONS, complete=True)

    def _mapping(
        self, key: str, value: object, allowed: tuple[str, ...] = (), complete: bool = False
    ) -> dict[str, Any]:
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
        for name in allowed if complete else ():
            if name not in value:
                self._fault(f"{prefix}{name}", "is missing")
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
        section = self._mapping("spelling", self._data["spelling"], _SPELLING, complete=True)
        self._stop_at_faults()
        same = {}
        for target, variants in self._mapping("spelling.same", section["same"]).items():
            for _, variant in self._texts(f"spelling.same.{target}", variants):
                same[" ".join(pieces(variant))] = target
        words = {
            name: frozenset(text for _, text in self._texts(f"spelling.{name}", section[name]))
            for name in ("skipped", "mend", "leave")
        }
        # Every word in the file is meant as it stands and is not taken for a slip.
        known = words["leave"] | words["mend"] | words["skipped"] | frozenset(same.values())
        known |= frozenset(pieces(yaml.safe_dump(self._data, allow_unicode=True)))
        return Spelling(same, words["skipped"], words["mend"], known)

    @cached_property
    def _denied(self) -> frozenset[str]:
        return self._single_words("denied")

    def _single_words(self, name: str) -> frozenset[str]:
        return frozenset(text for _, text in self._texts(name, self._data[name]))

    @cached_property
    def _compiler(self) -> PhraseCompiler:
        compiler = PhraseCompiler(lambda run: self._spelling.line(pieces(run)), self._denied)
        for name, phrases in self._mapping("lists", self._data["lists"]).items():
            for key, text in (texts := self._texts(f"lists.{name}", phrases)):
                self._try(key, lambda text=text: compiler.add_list(name, [text]))
            self._try(f"lists.{name}", lambda: compiler.add_list(name, [t for _, t in texts]))
        return compiler

    def _try(self, key: str, work: Any) -> Any:
        try:
            return work()
        except PhraseError as error:
            self._fault(key, str(error))
            return None

    def _phrases(self, key: str, value: object) -> Iterator[tuple[Atom, ...]]:
        for place, text in self._texts(key, value):
            atoms = self._try(place, lambda text=text: self._compiler.compile(text))
            if atoms:
                yield atoms

    def _guard(self, name: str) -> list[Phrase]:
        return [Phrase(atoms) for atoms in self._phrases(name, self._data[name])]

    def _signs(self) -> Iterator[Phrase]:
        for name, value in self._mapping("signs", self._data["signs"]).items():
            key = f"signs.{name}"
            keys = self._mapping(key, value, _SIGN)
            sign = self._sign(key, name, keys)
            if not {"sure", "unless_asked", "of"} & keys.keys():
                self._fault(key, "has no phrases: give sure, unless_asked or of")
            for level in ("sure", "unless_asked"):
                if level in keys:
                    for atoms in self._phrases(f"{key}.{level}", keys[level]):
                        yield Phrase(atoms, sign, level == "sure", f"{key}.{level}")
            for place, group in self._texts(f"{key}.of", keys["of"]) if "of" in keys else ():
                atoms = self._try(place, lambda group=group: self._compiler.compile(f"{{{group}}}"))
                if atoms:
                    yield Phrase(atoms, sign, False, group)

    def _sign(self, key: str, name: str, keys: dict[str, Any]) -> Sign:
        kind, language = keys.get("kind"), keys.get("language", "en")
        if kind not in get_args(Kind):
            self._fault(
                f"{key}.kind", f"must be one of {', '.join(get_args(Kind))}, found {kind!r}"
            )
        if language not in get_args(Language):
            self._fault(f"{key}.language", f"must be en or es, found {language!r}")
        body_first, at_least = keys.get("body_first", False), keys.get("at_least", 2)
        if not isinstance(body_first, bool):
            self._fault(f"{key}.body_first", f"must be true or false, found {body_first!r}")
        if not isinstance(at_least, int) or at_least < 1:
            self._fault(f"{key}.at_least", f"must be a number from 1, found {at_least!r}")
        return Sign(name, kind, language, body_first, at_least)  # type: ignore[arg-type]
