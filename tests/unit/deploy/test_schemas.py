"""compose.yml, the manifests and the Dockerfile are what their programs read."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from guide.settings import ROOT
from tests.unit.deploy.files import DEPLOY, KUBERNETES

CHECKERS = ROOT / ".tools" / "checkers" / "bin"
# The oldest and the newest version that is looked after at the time of writing.
VERSIONS = ("1.34", "1.37")


def check(program: str, *arguments: str | Path) -> tuple[int, str]:
    """(exit code, what it says) of a checker; without it the test is left out, in CI it fails."""
    if not (CHECKERS / program).exists():
        left_out = pytest.fail if os.environ.get("CI") else pytest.skip
        left_out(f"{program} is not there: tools/checkers.sh")
    done = subprocess.run(
        [CHECKERS / program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


def compose(path: Path) -> tuple[int, str]:
    return check("check-jsonschema", "--builtin-schema", "vendor.compose-spec", path)


def kubernetes(version: str, *paths: Path) -> tuple[int, str]:
    return check("kubernetes-validate", "--strict", "--quiet", "-k", version, *paths)


def test_compose_knows_the_file() -> None:
    code, said = compose(DEPLOY / "compose.yml")
    assert code == 0, said


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_knows_the_manifests(version: str) -> None:
    paths = sorted(path for path in KUBERNETES.glob("*.yaml") if path.stem != "kustomization")
    assert paths
    code, said = kubernetes(version, *paths)
    assert code == 0, said


def test_the_dockerfile_has_no_fault() -> None:
    code, said = check("hadolint", DEPLOY / "Dockerfile")
    assert code == 0, said


def test_the_checkers_find_a_mistake(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yml"
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("cap_drop:", "cap_dropp:"), encoding="utf-8")
    assert compose(wrong)[0] != 0
    wrong = tmp_path / "chat.yaml"
    text = (KUBERNETES / "chat.yaml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("readinessProbe:", "readynessProbe:"), encoding="utf-8")
    assert kubernetes(VERSIONS[-1], wrong)[0] != 0
