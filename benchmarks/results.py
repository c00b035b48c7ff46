"""Results of benchmarks: results/<name>.json, with machine, versions and commit."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

from guide.settings import ROOT

FOLDER = ROOT / "results"
PACKAGES = ("rasa", "onnxruntime", "spacy")


def write(name: str, figures: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Write results/<name>.json: {about, figures}; its path is returned."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    told = {"about": about(), "figures": figures}
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return path


def read(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """What `write` wrote: {about, figures}; FileNotFoundError where it never did."""
    return dict(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))


def about() -> dict[str, Any]:
    """{machine, versions, commit, date} of now; memory in GB."""
    return {
        "machine": {
            "cpu": _line(Path("/proc/cpuinfo"), "model name") or platform.machine(),
            "cores": os.cpu_count(),
            "memory": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        },
        "versions": {"python": platform.python_version(), **{p: version(p) for p in PACKAGES}},
        "commit": commit(),
        "date": datetime.now(timezone.utc).date().isoformat(),
    }


def told(found: dict[str, Any]) -> str:
    """The sentence under a table: on what it was measured. `found` as `read` returns it."""
    about = found["about"]
    machine, versions = about["machine"], about["versions"]
    packages = ", ".join(f"{name} {number}" for name, number in versions.items())
    where = f"{machine['cpu']}, {machine['cores']} cores, {machine['memory']} GB"
    return f"Measured {about['date']} at commit {about['commit']} on {where}; {packages}."


def commit() -> str:
    """The short git commit, "+ dirty" where files differ from it, "unknown" without git."""
    try:
        found = _git("rev-parse", "--short", "HEAD")
        # Results and tables of an earlier benchmark in the same run change nothing measured.
        changed = _git("status", "--porcelain", "--", ".", ":!results", ":!docs", ":!README.md")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{found} + dirty" if changed else found


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def _line(path: Path, key: str) -> str:
    """The value after `key :` of a file of /proc, "" where there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return ""
    match = re.search(rf"^{re.escape(key)}\s*:\s*(.+)$", text, re.MULTILINE)
    return match.group(1).strip() if match else ""
