"""Figures as plots, and as the tables beside them: both are made of the same values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.formats import date_format

from guide.content.problems import ContentError
from guide.content.yaml_text import read_yaml
from staff.answers.queries import Asked
from staff.overview.periods import Part
from staff.overview.queries import Figures
from staff.records.words import word_of

FILE = Path(__file__).with_name("plots.yml")
TOP = 15
Value = float | int | None


@dataclass(frozen=True)
class Plot:
    """One plot: each series has a value for each label, None where there is none."""

    id: str
    title: str
    kind: str
    unit: str
    labels: list[str]
    series: list[dict[str, Any]]  # {"name": words, "values": [Value]}

    @property
    def rows(self) -> list[tuple[str, list[Value]]]:
        """For the table: (label, the value of each series)."""
        columns = (one["values"] for one in self.series)
        return [(label, list(values)) for label, *values in zip(self.labels, *columns, strict=True)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be drawn."""
        return not any(value for one in self.series for value in one["values"])

    def as_dict(self) -> dict[str, Any]:
        """For the page's script."""
        return asdict(self)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    """plots.yml.

    Raises:
        ContentError: it is no mapping of texts.
    """
    found, problems = read_yaml(FILE, FILE.name)
    if problems:
        raise ContentError(problems)
    return dict(found)


def plots(
    parts: Sequence[tuple[Part, Figures]],
    total: Figures,
    asked: Mapping[str, Asked],
    titles: Mapping[str, str],
) -> list[Plot]:
    """All of plots.yml, in its order."""
    labels = [_label(part) for part, _ in parts]
    daily = [_values(figures) for _, figures in parts]
    made = {
        name: _plot(name, labels, [{key: day[key] for key in words["series"]} for day in daily])
        for name, words in _words().items()
        if words["kind"] != "sideways"
    }
    made["answers"] = _plot("answers", *_top(asked, titles))
    made["channels"] = _plot("channels", *_channels(total))
    return [made[name] for name in _words()]


def _plot(name: str, labels: list[str], values: Sequence[Mapping[str, Value]]) -> Plot:
    words = _words()[name]
    series = [
        {"name": said, "values": [one[key] for one in values]}
        for key, said in words["series"].items()
    ]
    return Plot(name, words["title"], words["kind"], words["unit"], labels, series)


def _label(part: Part) -> str:
    """A day by its date, a week by its first and last."""
    first = date_format(part.first, "j M Y")
    return first if part.first == part.last else f"{first} – {date_format(part.last, 'j M Y')}"


def _values(figures: Figures) -> dict[str, Value]:
    """Every figure that a series can be named by."""
    counts, times = figures.counts, figures.times
    unclear = counts["proposed"] - counts["chosen"] - counts["declined"]
    shares = {name: _percent(figures.share(name)) for name in ("answered", "proposed", "refused")}
    measured = {"p50": _whole(times.p50), "p95": _whole(times.p95)}
    return {**counts, **shares, **measured, "unclear": unclear}


def _percent(share: float | None) -> Value:
    return None if share is None else round(100 * share, 1)


def _whole(value: float | None) -> Value:
    return None if value is None else round(value)


def _top(
    asked: Mapping[str, Asked], titles: Mapping[str, str]
) -> tuple[list[str], list[dict[str, Value]]]:
    shown = ((one.shown, id_) for id_, one in asked.items() if one.shown)
    best = sorted(shown, key=lambda pair: (-pair[0], pair[1]))[:TOP]
    return [titles.get(id_, id_[:100]) for _, id_ in best], [{"shown": count} for count, _ in best]


def _channels(total: Figures) -> tuple[list[str], list[dict[str, Value]]]:
    found = _counted((name, total.counts[name]) for name in ("web", "slack", "telegram"))
    found += _counted([("other", total.other_channels)])
    return [word_of("channels", name) for name, _ in found], [{"messages": n} for _, n in found]


def _counted(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [pair for pair in pairs if pair[1]]
