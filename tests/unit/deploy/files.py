"""The files of deploy/, read for the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from guide.settings import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
# Services that run the guide's own images, and those that run others'.
OURS = ("actions", "chat", "staff")
OTHERS = ("postgres", "redis")
SETTING = re.compile(r"^([A-Z][A-Z_]+)=", re.MULTILINE)


@lru_cache
def compose() -> dict[str, Any]:
    """compose.yml."""
    return dict(yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8")))


@lru_cache
def manifests() -> tuple[dict[str, Any], ...]:
    """All that kustomization.yaml applies."""
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))
    texts = [(KUBERNETES / name).read_text(encoding="utf-8") for name in listed["resources"]]
    return tuple(one for text in texts for one in yaml.safe_load_all(text))


def of_kind(*kinds: str) -> dict[str, dict[str, Any]]:
    """name -> manifest."""
    return {one["metadata"]["name"]: one for one in manifests() if one["kind"] in kinds}


def pods() -> dict[str, dict[str, Any]]:
    """Name of a workload -> the template of its pods."""
    found = of_kind("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
    return {name: one["spec"]["template"] for name, one in found.items()}


def container(name: str) -> dict[str, Any]:
    """The one container of a workload."""
    (one,) = pods()[name]["spec"]["containers"]
    return dict(one)


def variables(name: str) -> dict[str, Any]:
    """Name -> value of what a workload's container gets; a reference stands as it is."""
    one = container(name)
    maps = of_kind("ConfigMap")
    given: dict[str, Any] = {}
    for source in one.get("envFrom", []):
        given |= maps[source["configMapRef"]["name"]]["data"]
    return given | {each["name"]: each.get("value", each) for each in one.get("env", [])}


def settings_of_the_guide() -> set[str]:
    """Those that .env.example of the repository explains."""
    return set(SETTING.findall((ROOT / ".env.example").read_text(encoding="utf-8")))


def stages() -> Iterator[tuple[str, str, str]]:
    """(name, what it is made from, its lines) of each stage of the Dockerfile."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    for part in re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]:
        head, _, lines = part.partition("\n")
        base, name = head.split(" AS ")
        yield name.strip(), base.strip(), lines
