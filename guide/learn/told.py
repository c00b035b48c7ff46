"""A report as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guide.learn.words import say


def table(report: Mapping[str, Any]) -> str:
    """Faults, or figures before and after with every reply that changed."""
    if report["faults"]:
        faults = [f"  {one['file']}: {one['key']}: {one['text']} ({one['id']})"
                  for one in report["faults"]]  # fmt: skip
        return "\n".join([*report["reasons"], *faults])
    lines = ["| figure | live | new | limit | |", "| --- | ---: | ---: | ---: | --- |"]
    for one in report["figures"]:
        shown = f"{one['old']:.1%} | {one['new']:.1%} | {one['limit']:.1%}"
        lines.append(f"| {one['name']} | {shown} | {'' if one['ok'] else 'worse'} |")
    flips = report["flips"]
    lines += ["", say("flips", count=len(flips)) if flips else say("no_flips")]
    for flip in sorted(flips, key=lambda flip: (flip["change"] != "worse", flip["set"])):
        change = f"{flip['was']} -> {flip['now']}"
        lines.append(f"  {flip['change']}: {flip['set']}: {flip['text']!r}: {change}")
    reasons = "\n".join(f"  {reason}" for reason in report["reasons"])
    told = say("allowed") if report["allowed"] else say("not_allowed", reasons=reasons)
    return "\n".join([*lines, "", told])
