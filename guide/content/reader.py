"""Files of the data folder -> values, with every fault told together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from guide.content.examples import read_examples
from guide.content.model import Answer, Article, Fact, Reference
from guide.content.problems import Problem, missing, must_be, unknown
from guide.content.yaml_text import read_yaml

REVIEWED = "nlu/reviewed.yml"  # the sentences that staff taught; it may be missing
ANSWER_TEXTS = (
    "title", "answer", "more", "as_of", "review_due", "reviewed_by", "reviewed_on",
)  # fmt: skip
ANSWER_LISTS = ("facts", "references", "related", "questions")
ANSWER_OPTIONAL = {"more", "as_of", "reviewed_by", "reviewed_on", "references", "related"}
ARTICLE_TEXTS = ("title", "publisher", "author", "contact", "as_of")
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class Reader:
    """Reads one data folder; `problems` fills as files are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def yaml(self, name: str, *, allow_booleans: bool = False) -> dict[str, Any]:
        """A YAML mapping of the data folder; {} with a problem where it is none."""
        value, problems = read_yaml(self.folder / name, name, allow_booleans=allow_booleans)
        self.problems += problems
        if isinstance(value, dict):
            return value
        if not problems:
            self.problems.append(must_be(name, "", "file.E001", "a mapping", value))
        return {}

    def text(self, file: str, value: Any, key: str, id: str) -> str:
        """A text value, stripped."""
        if isinstance(value, str):
            return value.strip()
        self.problems.append(must_be(file, key, id, "text", value))
        return ""

    def mapping(self, file: str, value: Any, key: str, id: str) -> dict[str, Any]:
        """A mapping; {} with a problem where it is none."""
        if isinstance(value, dict):
            return value
        self.problems.append(must_be(file, key, id, "a mapping", value))
        return {}

    def article(self) -> Article:
        """data/article.yml"""
        file = "article.yml"
        raw = self.yaml(file, allow_booleans=True)
        self.expect(
            file, raw, {*ARTICLE_TEXTS, "as_of_note", "sections"}, {"as_of_note"}, "article"
        )
        head = {k: self.text(file, raw.get(k, ""), k, "article.E003") for k in ARTICLE_TEXTS}
        if not MONTH.fullmatch(head["as_of"]):
            self.problems.append(
                must_be(file, "as_of", "article.E004", "a month like 2025-06", head["as_of"])
            )
            head["as_of"] = "2000-01"
        facts: dict[str, Fact] = {}
        sections = self.mapping(file, raw.get("sections", {}), "sections", "article.E006")
        for section, listed in sections.items():
            body = self.mapping(file, listed, f"sections.{section}", "article.E006")
            for id_, value in body.items():
                if id_ in facts:
                    key = f"sections.{section}.{id_}"
                    self.problems.append(
                        Problem(file, key, "article.E005", "stands in two sections")
                    )
                facts[id_] = self.fact(file, section, id_, value)
        return Article(**head, facts=facts)

    def fact(self, file: str, section: str, id_: str, value: Any) -> Fact:
        """A fact is its text, or a mapping of text, note and dated."""
        key = f"sections.{section}.{id_}"
        raw = value if isinstance(value, dict) else {"text": value}
        self.expect(file, raw, {"text", "note", "dated"}, {"note", "dated"}, "fact", key)
        dated = raw.get("dated", False)
        if not isinstance(dated, bool):
            self.problems.append(must_be(file, f"{key}.dated", "fact.E004", "true or false", dated))
        return Fact(
            id=id_,
            section=section,
            text=self.text(file, raw.get("text", ""), f"{key}.text", "fact.E003"),
            note=self.text(file, raw.get("note", ""), f"{key}.note", "fact.E003"),
            dated=dated is True,
        )

    def references(self) -> dict[str, Reference]:
        """data/references.yml"""
        file = "references.yml"
        result = {}
        for id_, raw in self.yaml(file).items():
            if not isinstance(raw, dict):
                self.problems.append(must_be(file, id_, "reference.E001", "a mapping", raw))
                continue
            self.expect(file, raw, {"citation", "link", "flag"}, {"link", "flag"}, "reference", id_)
            texts = {
                k: self.text(file, raw.get(k, ""), f"{id_}.{k}", "reference.E003")
                for k in ("citation", "link", "flag")
            }
            result[id_] = Reference(id=id_, **texts)
        return result

    def terms(self) -> dict[str, tuple[str, ...]]:
        """data/terms.yml: a term of the field -> the wordings that explain it (any one will do)."""
        raw = self.yaml("terms.yml")
        return {term: self.strings("terms.yml", value, term) for term, value in raw.items()}

    def answers(self, as_of: str) -> dict[str, Answer]:
        """data/faq/*.yml, by id (the file's name)."""
        paths = sorted((self.folder / "faq").glob("*.yml"))
        if not paths:
            self.problems.append(Problem("faq/", "", "faq.E001", "holds no answers"))
        return {path.stem: self.answer(path.stem, as_of) for path in paths}

    def answer(self, id_: str, article_as_of: str) -> Answer:
        """One file of data/faq."""
        file = f"faq/{id_}.yml"
        raw = self.yaml(file)
        self.expect(file, raw, {*ANSWER_TEXTS, *ANSWER_LISTS}, ANSWER_OPTIONAL, "faq")
        texts = {k: self.text(file, raw.get(k, ""), k, "faq.E004") for k in ANSWER_TEXTS}
        lists = {k: self.strings(file, raw.get(k, []), k) for k in ANSWER_LISTS}
        texts["as_of"] = texts["as_of"] or article_as_of
        if not MONTH.fullmatch(texts["as_of"]):
            self.problems.append(
                must_be(file, "as_of", "faq.E005", "a month like 2025-06", texts["as_of"])
            )
            texts["as_of"] = "2000-01"
        due = self.day(file, "review_due", texts.pop("review_due"))
        values: dict[str, Any] = {**texts, **lists, "review_due": due}
        return Answer(id=id_, **values)

    def day(self, file: str, key: str, value: str) -> date:
        """A date written as 2027-05-22."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.problems.append(must_be(file, key, "faq.E006", "a date like 2027-05-22", value))
            return date.max

    def strings(self, file: str, value: Any, key: str) -> tuple[str, ...]:
        """A list of texts, stripped."""
        if not isinstance(value, list):
            self.problems.append(must_be(file, key, "list.E001", "a list", value))
            return ()
        return tuple(
            self.text(file, item, f"{key}[{number}]", "list.E002")
            for number, item in enumerate(value, 1)
        )

    def expect(
        self, file: str, raw: dict[str, Any], known: set[str], optional: set[str], kind: str,
        at: str = "",
    ) -> None:  # fmt: skip
        """Tell keys that nobody reads and keys that have to be there."""
        dot = f"{at}." if at else ""
        for key in sorted(set(raw) - known):
            self.problems.append(unknown(file, f"{dot}{key}", f"{kind}.E002", "key", key))
        for key in sorted(known - optional - set(raw)):
            self.problems.append(missing(file, f"{dot}{key}", f"{kind}.E003"))

    def examples(self) -> dict[str, tuple[str, ...]]:
        """data/nlu/**/*.yml: stock Rasa examples, by intent."""
        result: dict[str, tuple[str, ...]] = {}
        for path in sorted((self.folder / "nlu").rglob("*.yml")):
            name = path.relative_to(self.folder).as_posix()
            found, problems = read_examples(path, name)
            self.problems += problems
            for intent, messages in found.items():
                result[intent] = result.get(intent, ()) + messages
        return result

    def reviewed(self) -> dict[str, tuple[str, ...]]:
        """Those of `examples` that staff taught, by intent; its faults are told there."""
        path = self.folder / REVIEWED
        return read_examples(path, REVIEWED)[0] if path.exists() else {}


def trained_files(folder: Path) -> list[Path]:
    """What answers and model are made from. Wording, urgent patterns and places are read anew at
    each start, so that a change there needs no training."""
    parts = ("article.yml", "references.yml", "terms.yml", "rules.yml", "faq/*.yml", "nlu/**/*.yml")
    return sorted(path for part in parts for path in folder.glob(part))


def version_of(folder: Path, files: Iterable[Path]) -> str:
    """A short hash of the files' names and bytes, the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(b"\0")
        # A file that cannot be read is told as a fault; it must not end the telling.
        with suppress(OSError):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
