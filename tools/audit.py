"""What advisory databases say of the pinned packages, beside docs/advisories.yml.

    tools/audit.sh                 asks the databases (`make audit`)
    python -m tools.audit page     writes the table of docs/security.md anew

Exit codes of the first: 0 all that is known is listed; 1 something is not; 2 nobody could be asked
about every package, so nothing is known.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "advisories.yml"
PAGE = ROOT / "docs" / "security.md"
REQUIREMENTS = ROOT / "requirements.txt"
BEGIN, END = "<!-- advisories: begin -->", "<!-- advisories: end -->"
SERVICES = ("osv", "pypi")  # of pip-audit, the better known one first
PATIENCE_SECONDS = 900  # for all packages
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Advisory:
    """One entry of docs/advisories.yml, whose head explains it."""

    package: str
    version: str
    ids: list[str]
    about: str
    fixed_in: str
    held_by: str
    closed: str
    absent: list[str]


def listed() -> list[Advisory]:
    """The entries of docs/advisories.yml. Raises TypeError where one has other keys."""
    entries = yaml.safe_load(LIST.read_text(encoding="utf-8"))["advisories"]
    return [Advisory(**{**entry, "version": str(entry["version"])}) for entry in entries]


def pinned(requirements: str) -> dict[str, str]:
    """The version of each package that a text of requirements pins."""
    return dict(_PIN.findall(requirements))


@dataclass(frozen=True)
class Found:
    """What a database said: advisories as (package, version, id), and packages it does not know."""

    unlisted: list[tuple[str, str, str]]
    unknown: list[str]


def compare(report: Mapping[str, Any], advisories: Iterable[Advisory]) -> Found:
    """A report of pip-audit (its JSON) beside the list."""
    known = {(one.package, one.version, id_) for one in advisories for id_ in one.ids}
    found = Found([], [])
    for package in report["dependencies"]:
        if "skip_reason" in package:
            found.unknown.append(package["name"])
            continue
        where = package["name"].lower(), package["version"]
        for one in package["vulns"]:
            if not any((*where, id_) in known for id_ in (one["id"], *one["aliases"])):
                found.unlisted.append((*where, one["id"]))
    return found


def ask(program: str, service: str, requirements: Path) -> dict[str, Any] | None:
    """pip-audit's report on pinned packages, none of which is installed; None without an answer."""
    command = [
        program, "--vulnerability-service", service, "--requirement", str(requirements),
        "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
        report = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return report if isinstance(report, dict) and report.get("dependencies") else None


def answers(program: str, service: str, advisories: list[Advisory]) -> bool:
    """Whether a database can be reached and is one: it has to find what the list has of a package.

    A mirror of the package index answers too, and knows of no advisory at all.
    """
    one = advisories[0]
    with NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(f"{one.package}=={one.version}\n")
        file.flush()
        report = ask(program, service, Path(file.name))
    return report is not None and any(each.get("vulns") for each in report["dependencies"])


def audit(program: str) -> int:
    """Ask the first database that answers; the exit code."""
    advisories = listed()
    for service in SERVICES:
        if not answers(program, service, advisories):
            print(f"{service}: no answer", file=sys.stderr)
            continue
        report = ask(program, service, REQUIREMENTS)
        if report is not None:
            return tell(service, compare(report, advisories))
    print(
        "No advisory database could be reached: nothing is known of new advisories.",
        file=sys.stderr,
    )
    return 2


def tell(service: str, found: Found) -> int:
    """Print what was found; the exit code."""
    for package, version, id_ in found.unlisted:
        print(f"{package} {version}: {id_} is not in {LIST.relative_to(ROOT)}")
    if found.unknown:
        print(f"{service} knows nothing of: {', '.join(found.unknown)}")
    if found.unlisted:
        return 1
    print(f"{service}: all else that it knows is in {LIST.relative_to(ROOT)}")
    return 2 if found.unknown else 0


def table(advisories: Iterable[Advisory]) -> str:
    """The list as Markdown."""
    lines = [
        "| package | advisories | what is wrong | fixed in | why not taken | why it does no harm |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in advisories:
        cells = (
            f"{one.package} {one.version}", ", ".join(one.ids), one.about, one.fixed_in,
            one.held_by, one.closed,
        )  # fmt: skip
        lines.append(f"| {' | '.join(cell.strip() for cell in cells)} |")
    return "\n".join(lines)


def write_page() -> None:
    """Put the table between the marks of docs/security.md."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{table(listed())}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """`page`, or the path of pip-audit."""
    if sys.argv[1:] == ["page"]:
        write_page()
        return 0
    return audit(sys.argv[1])


if __name__ == "__main__":
    sys.exit(main())
