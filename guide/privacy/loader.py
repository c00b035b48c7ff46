"""What counts as personal, compiled from `data/privacy`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast, get_args

import regex

from guide.privacy.allowed import (
    family_names,
    field_words,
    given_names,
    ordinary_words,
    places,
    project_terms,
)  # fmt: skip
from guide.privacy.files import Files
from guide.privacy.lexicon import WORD, Lexicon, fold
from guide.privacy.names import Cue, Trust
from guide.privacy.recognizers import Pattern, Rule

DATA = Path(__file__).parents[2] / (os.environ.get("GUIDE_DATA") or "data")

_SECTIONS = ("parts", "recognisers", "cues", "words", "allowed", "own_keys", "own_values")
_RULE = ("kind", "why", "context", "unless", "despite", "patterns")
_PATTERN = ("name", "score", "regex")
_CUE = ("trust", "why", "before")
_WORDS = (
    "never", "either", "given", "family", "nouns", "follow", "joiners", "place_before",
    "no_names",
)  # fmt: skip
_ALLOWED = ("terms", "regex")
_KIND = re.compile("[A-Z]+")
_PART = re.compile(r"\{([a-z_]+)\}")
_FLAGS = regex.IGNORECASE | regex.MULTILINE
_CASE = "(?-i)"  # an expression that begins so tells capitals from small letters


@dataclass(frozen=True)
class Rules:
    """All that data/privacy says."""

    rules: tuple[Rule, ...]
    cues: tuple[Cue, ...]
    lexicon: Lexicon
    joiners: frozenset[str]
    places_after: frozenset[str]
    kept: tuple[regex.Pattern[str], ...]
    own_keys: frozenset[str]
    own_values: tuple[regex.Pattern[str], ...]


@cache
def load_rules(data: Path = DATA) -> Rules:
    """Read and compile data/privacy; kept, so that a second call costs nothing.

    Args:
        data: the folder of the project's data: terms, references and places are allowed words.

    Raises:
        PrivacyError: with all faults together, each naming file and key.
    """
    return _Loader(data).load()


class _Loader:
    """Collects faults while it compiles."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._files = Files(data / "privacy", _SECTIONS)

    def load(self) -> Rules:
        words = self._words()
        terms = self._terms()
        rules = Rules(
            rules=tuple(
                self._rule(name, value) for name, value in self._files.named("recognisers")
            ),
            cues=tuple(self._cue(name, value) for name, value in self._files.named("cues")),
            lexicon=self._lexicon(words, terms),
            joiners=words["joiners"],
            places_after=words["place_before"],
            kept=(_phrases(terms), self._cities(), *self._kept()),
            own_keys=frozenset(text for _, text in self._files.all_texts("own_keys")),
            own_values=self._expressions("own_values"),
        )
        self._files.stop_at_faults()
        return rules

    @cached_property
    def _parts(self) -> dict[str, str]:
        """Pieces of expressions by name; a piece may use those above it."""
        parts: dict[str, str] = {}
        for name, value in self._files.named("parts"):
            texts = [self._filled(key, text, parts) for key, text in self._listed(name, value)]
            parts[name] = "(?:" + "|".join(texts) + ")"
        return parts

    def _listed(self, name: str, value: object) -> list[tuple[str, str]]:
        return self._files.texts(f"parts.{name}", value)

    def _filled(self, key: str, text: str, parts: dict[str, str]) -> str:
        for name in _PART.findall(text):
            if name not in parts:
                self._files.fault(key, f"names the unknown part {{{name}}}")
        return _PART.sub(lambda match: parts.get(match[1], ""), text)

    def _compiled(self, key: str, value: object) -> regex.Pattern[str]:
        if not isinstance(value, str):
            self._files.fault(key, f"must be an expression, found {value!r}; put it in quotes")
            return regex.compile("(?!)")
        text = self._filled(key, " ".join(value.split("\n")), self._parts)
        flags = regex.MULTILINE if text.startswith(_CASE) else _FLAGS
        try:
            return regex.compile(text.removeprefix(_CASE), flags)
        except regex.error as error:
            self._files.fault(key, f"is no regular expression: {error}")
            return regex.compile("(?!)")

    def _expressions(self, section: str) -> tuple[regex.Pattern[str], ...]:
        return tuple(self._compiled(key, text) for key, text in self._files.all_texts(section))

    def _kept(self) -> list[regex.Pattern[str]]:
        found = []
        for section in self._files.each("allowed"):
            keys = self._files.mapping("allowed", section, _ALLOWED)
            for key, text in self._files.texts("allowed.regex", keys.get("regex", ["(?!)"])):
                found.append(self._compiled(key, text))
        return found

    def _cities(self) -> regex.Pattern[str]:
        """Places of several words, but for those that are called as people are."""
        given = given_names(self._data / "privacy")
        return _phrases(
            frozenset(name for name in places(self._data) if name.split()[0] not in given)
        )

    def _terms(self) -> frozenset[str]:
        terms = set(project_terms(self._data))
        for section in self._files.each("allowed"):
            keys = self._files.mapping("allowed", section, _ALLOWED)
            if "terms" in keys:
                terms |= {
                    fold(text) for _, text in self._files.texts("allowed.terms", keys["terms"])
                }
        return frozenset(terms)

    def _words(self) -> dict[str, frozenset[str]]:
        words: dict[str, frozenset[str]] = dict.fromkeys(_WORDS, frozenset())
        for section in self._files.each("words"):
            for name, value in self._files.mapping("words", section, _WORDS).items():
                texts = self._files.texts(f"words.{name}", value)
                words[name] = words.get(name, frozenset()) | {fold(text) for _, text in texts}
        return words

    def _lexicon(self, words: dict[str, frozenset[str]], terms: frozenset[str]) -> Lexicon:
        folder = self._data / "privacy"
        common = field_words(folder)
        ordinary = ordinary_words() | words["never"] | common
        no_names = words["no_names"]
        lexicon = Lexicon(
            never=words["never"],
            allowed=frozenset(term for term in terms if WORD.fullmatch(term)) - words["either"],
            given=(given_names(folder) | words["given"]) - no_names,
            either=words["either"] | words["nouns"],
            family=frozenset(),
            family_too=frozenset(),
            places=frozenset(name for name in places(self._data) if WORD.fullmatch(name))
            - words["given"],
            nouns=words["nouns"],
            follow=words["follow"],
            ordinary=ordinary,
            common=common,
        )
        listed = family_names(folder)
        family = frozenset(name for name in listed if not lexicon.is_ordinary(name))
        return replace(
            lexicon, family=(family | words["family"]) - no_names, family_too=listed - common
        )

    def _rule(self, name: str, value: object) -> Rule:
        key = f"recognisers.{name}"
        keys = self._files.mapping(key, value, _RULE, needed=("kind", "why", "patterns"))
        kind = keys.get("kind")
        if not (isinstance(kind, str) and _KIND.fullmatch(kind)):
            self._files.fault(f"{key}.kind", f"must be capitals such as PHONE, found {kind!r}")
        context = self._optional(f"{key}.context", keys.get("context"))
        return Rule(
            name,
            str(kind),
            tuple(self._patterns(f"{key}.patterns", keys.get("patterns"))),
            context,
            _any_of(self._optional(f"{key}.unless", keys.get("unless"))),
            _any_of((*context, *self._optional(f"{key}.despite", keys.get("despite")))),
        )

    def _optional(self, key: str, value: object) -> tuple[str, ...]:
        return () if value is None else tuple(text for _, text in self._files.texts(key, value))

    def _patterns(self, key: str, value: object) -> list[Pattern]:
        if not isinstance(value, list) or not value:
            self._files.fault(key, f"must be a list of patterns, found {value!r}")
            return []
        result = []
        for number, item in enumerate(value, 1):
            place = f"{key}[{number}]"
            keys = self._files.mapping(place, item, _PATTERN, needed=_PATTERN)
            score: Any = keys.get("score")
            if not isinstance(score, float | int) or not 0 < score <= 1:
                self._files.fault(
                    f"{place}.score", f"must be above 0 and at most 1, found {score!r}"
                )
                score = 0.0
            expression = self._compiled(f"{place}.regex", keys.get("regex"))
            result.append(Pattern(str(keys.get("name")), float(score), expression))
        return result

    def _cue(self, name: str, value: object) -> Cue:
        key = f"cues.{name}"
        keys = self._files.mapping(key, value, _CUE, needed=_CUE)
        trust = keys.get("trust")
        if trust not in get_args(Trust):
            self._files.fault(
                f"{key}.trust", f"must be one of {', '.join(get_args(Trust))}, found {trust!r}"
            )
        return Cue(name, cast(Trust, trust), self._compiled(f"{key}.before", keys.get("before")))


def _any_of(words: tuple[str, ...]) -> regex.Pattern[str] | None:
    if not words:
        return None
    return regex.compile(r"\b(?:" + "|".join(map(regex.escape, words)) + r")", regex.IGNORECASE)


def _phrases(terms: frozenset[str]) -> regex.Pattern[str]:
    """Terms of several words, wherever they stand."""
    longer = [term for term in terms if not WORD.fullmatch(term)]
    if not longer:
        return regex.compile("(?!)")
    return regex.compile(r"\b\L<longer>\b", regex.IGNORECASE, longer=longer)
