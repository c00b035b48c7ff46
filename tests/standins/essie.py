"""As much of ClinicalTrials.gov's query language as the stand-in needs: AND, OR, NOT, (), "…"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Matcher = Callable[[str], bool]
_TOKEN = re.compile(r'\s*("[^"]*"|\(|\)|\[|\]|[^\s()\[\]"]+|")')


class QueryError(ValueError):
    """The message that the real registry would give."""


def compile_query(query: str) -> Matcher:
    """A function that tells whether a text matches.

    Raises:
        QueryError: brackets or quotes do not match, or an operator stands alone.
    """
    tokens = _TOKEN.findall(query)
    matcher, rest = _either(tokens)
    if rest:
        raise QueryError(
            f"mismatched input '{rest[0]}' expecting {{<EOF>, '(', ',', 'NOT', 'AND', 'OR'}}"
        )
    return matcher


def _either(tokens: list[str]) -> tuple[Matcher, list[str]]:
    one, tokens = _both(tokens)
    while tokens[:1] == ["OR"]:
        other, tokens = _both(tokens[1:])
        one = _joined(any, one, other)
    return one, tokens


def _both(tokens: list[str]) -> tuple[Matcher, list[str]]:
    one, tokens = _negated(tokens)
    while tokens and tokens[0] not in ("OR", ")", "]", "["):
        other, tokens = _negated(tokens[1:] if tokens[0] == "AND" else tokens)
        one = _joined(all, one, other)
    return one, tokens


def _joined(how: Callable[[Iterable[bool]], bool], *matchers: Matcher) -> Matcher:
    return lambda text: how(matcher(text) for matcher in matchers)


def _negated(tokens: list[str]) -> tuple[Matcher, list[str]]:
    if tokens[:1] == ["NOT"]:
        one, rest = _negated(tokens[1:])
        return (lambda text: not one(text)), rest
    return _single(tokens)


def _single(tokens: list[str]) -> tuple[Matcher, list[str]]:
    if not tokens or tokens[0] in (")", "]", "[", '"', "AND", "OR"):
        found = tokens[0] if tokens else "<EOF>"
        raise QueryError(f"mismatched input '{found}' expecting {{'(', 'NOT', WORD}}")
    if tokens[0] == "(":
        one, rest = _either(tokens[1:])
        if rest[:1] != [")"]:
            raise QueryError("missing ')' at '<EOF>'")
        return one, rest[1:]
    words = re.findall(r"[^\W_]+", tokens[0].lower())
    # Like the registry, "CAR-T" and "CAR T" are the same phrase.
    phrase = re.compile(r"\b" + r"[\W_]+".join(map(re.escape, words)) + r"\b")
    return (lambda text: bool(phrase.search(text))), tokens[1:]
