"""The words around the answers: data/wording.yml, data/languages.yml and domain.yml's responses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from guide.content.model import Article, month_words
from guide.content.notice import URGENT_KINDS
from guide.content.problems import ContentError, Problem, must_be
from guide.content.yaml_text import read_yaml

DOMAIN = Path(__file__).parents[2] / "domain.yml"
LISTS = ("feedback_reasons", "starter_questions", "last_words", "all_words")
MAPPINGS = ("ordinals", "telegram_commands", "telegram_menu", "web_errors")
TEXTS = (
    "source_line", "notice", "none_of_these", "none_fits", "nothing_yet", "choose_hint",
    "several_picked", "several_others", "you_asked", "about", "withdrawn", "too_long",
    "no_words", "failed", "too_many", "button_expired", "feedback_helpful", "feedback_unhelpful",
    "service_down_trials", "service_down_sources", "service_down_feedback", "service_down_erase",
    "restarting", "sources_of", "sources_of_none", "sources_all",
    "feedback_thanks", "feedback_why", "feedback_noted", "erased", "you_chose",
    "telegram_first", "telegram_privately", "telegram_only_text", "telegram_location",
    "telegram_description", "telegram_short_description",
    "slack_wait", "slack_text_only", "slack_not_yours", "slack_seen", "slack_seen_channel",
    "slack_home_title", "slack_home_purpose", "slack_home_ask", "slack_home_advice",
    "slack_home_privacy",
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """Texts by name. `fill` puts in what article.yml says and what the caller knows."""

    article: Article
    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    mappings: Mapping[str, Mapping[str, str]]
    languages: Mapping[str, str]
    urgent: Mapping[str, Mapping[str, str]]

    @cached_property
    def known(self) -> dict[str, str]:
        """What every text may name."""
        article = self.article
        return {
            "publisher": article.publisher,
            "author": article.author,
            "title": article.title,
            "contact": article.contact,
            "month": month_words(article.as_of),
            # As guide.settings.retention_days has it, which may not be imported here.
            "days": os.environ.get("GUIDE_RETENTION_DAYS") or "180",
        }

    def fill(self, text: str, **values: object) -> str:
        """Replace {names}; a name that nobody knows stays as it stands."""
        for name, value in {**self.known, **values}.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def say(self, name: str, **values: object) -> str:
        """A text of data/wording.yml."""
        return self.fill(self.texts[name], **values)


def load_wording(folder: Path, article: Article) -> Wording:
    """Read the two files.

    Raises:
        ContentError: with every missing, unknown or misshapen key.
    """
    raw, problems = read_yaml(folder / "wording.yml", "wording.yml")
    languages, more = read_yaml(folder / "languages.yml", "languages.yml")
    if raw is not None or not problems:
        problems += _shape(raw if isinstance(raw, dict) else {})
    problems += more
    if languages is not None:
        problems += _texts("languages.yml", "", languages, dict, "a mapping")
    if problems:
        raise ContentError(problems)
    return Wording(
        article,
        {key: raw[key].strip() for key in TEXTS},
        {key: tuple(raw[key]) for key in LISTS},
        {key: raw[key] for key in MAPPINGS},
        languages or {},
        raw["urgent_texts"],
    )


def _shape(raw: Mapping[str, Any]) -> list[Problem]:
    file = "wording.yml"
    wanted: dict[str, tuple[type, str]] = {
        **dict.fromkeys(TEXTS, (str, "text")),
        **dict.fromkeys(LISTS, (list, "a list")),
        **dict.fromkeys(MAPPINGS, (dict, "a mapping")),
    }
    faults = [
        fault
        for key, (kind, what) in wanted.items()
        for fault in _texts(file, key, raw.get(key), kind, what)
    ]
    faults += _urgent_texts(file, raw.get("urgent_texts"))
    return faults + [
        Problem(file, key, "wording.E002", "is read by nobody")
        for key in sorted(set(raw) - set(wanted) - {"urgent_texts"})
    ]


def _urgent_texts(file: str, value: Any) -> list[Problem]:
    """Faults of the texts by language: each has one for every kind and no other."""
    if not isinstance(value, dict):
        return [must_be(file, "urgent_texts", "wording.E001", "a mapping", value)]
    faults = []
    for code, texts in value.items():
        key = f"urgent_texts.{code}"
        wrong = _texts(file, key, texts, dict, "a mapping")
        if not wrong and set(texts) != URGENT_KINDS:
            kinds = ", ".join(sorted(URGENT_KINDS))
            wrong = [must_be(file, key, "wording.E001", f"one text each for {kinds}", texts)]
        faults += wrong
    return faults


def _texts(file: str, key: str, value: Any, kind: type, what: str) -> list[Problem]:
    """What keeps a value from being a text, or a list or mapping of texts."""
    if not isinstance(value, kind):
        return [must_be(file, key, "wording.E001", what, value)]
    items: dict[str, Any] = {}
    if isinstance(value, list):
        items = {f"{key}[{number}]": item for number, item in enumerate(value, 1)}
    elif isinstance(value, dict):
        items = {f"{key}.{name}".lstrip("."): item for name, item in value.items()}
    return [
        must_be(file, place, "wording.E003", "text", item)
        for place, item in items.items()
        if not isinstance(item, str)
    ]


def load_responses(path: Path = DOMAIN) -> dict[str, list[dict[str, Any]]]:
    """domain.yml's responses: name -> variations, for safety texts that need no model.

    Raises:
        ContentError: the file cannot be read.
    """
    raw, problems = read_yaml(path, path.name, allow_booleans=True)
    responses = raw.get("responses") if isinstance(raw, dict) else None
    fatal = [problem for problem in problems if problem.id != "yaml.E004"]
    if fatal or not isinstance(responses, dict):
        raise ContentError(
            fatal or [must_be(path.name, "responses", "domain.E001", "a mapping", raw)]
        )
    return responses
