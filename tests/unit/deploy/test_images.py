"""The Dockerfile: what stands in the images, and that it agrees with the program."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import PurePosixPath

import pytest

from guide.settings import HOSTS, PORTS, ROOT
from tests.unit.deploy.files import DEPLOY, compose, of_kind, stages

STAGES = {name: (base, lines) for name, base, lines in stages()}
TARGETS = {"chat": "GUIDE_PORT", "actions": "ACTIONS_PORT", "staff": "STAFF_PORT"}
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
SENT = {line[1:] for line in IGNORED if line.startswith("!")}


def copied() -> list[str]:
    """What the stages take from the repository."""
    found = []
    for _, lines in STAGES.values():
        for line in lines.splitlines():
            words = shlex.split(line)
            if words[:1] == ["COPY"] and not words[1].startswith("--from"):
                found += words[1:-1]
    return found


def test_nothing_is_sent_to_the_builder_but_what_is_listed() -> None:
    assert IGNORED[1] == "*"
    assert SENT
    assert [name for name in SENT if not (ROOT / name).exists()] == []
    assert not [name for name in SENT if name.startswith((".", "var", "models/guide"))]


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_is_there_and_is_sent(source: str) -> None:
    assert (ROOT / source).exists()
    path = PurePosixPath(source)
    assert any(path.is_relative_to(name) or PurePosixPath(name).is_relative_to(path)
               for name in SENT)  # fmt: skip


def test_what_the_model_is_made_from_is_in_the_image() -> None:
    """A model of another fingerprint would be trained again at the first start."""
    wanted = {"config.yml", "domain.yml", "guide", "data", "models/encoder"}
    assert wanted <= set(copied())


def test_packages_are_checked_by_their_hashes() -> None:
    installs = [line for _, lines in STAGES.values() for line in lines.splitlines()
                if "pip install" in line]  # fmt: skip
    assert installs
    assert all("--require-hashes -r requirements.txt" in line for line in installs)


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_is_without_root_and_listens_where_the_program_does(target: str) -> None:
    base, lines = STAGES[target]
    assert base == "served"
    users = re.findall(r"^USER (\S+)", STAGES["served"][1] + lines, re.MULTILINE)
    assert users[-1] == "10001:10001"
    port = PORTS[TARGETS[target]]
    assert re.findall(r"^EXPOSE (\d+)", lines, re.MULTILINE) == [str(port)]
    assert f"http://127.0.0.1:{port}/" in lines
    # Else it would listen to itself alone.
    assert f"ENV {HOSTS[TARGETS[target]]}=0.0.0.0" in lines


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_runs_a_module_that_there_is(target: str) -> None:
    (module,) = re.findall(r'^CMD \["([\w.]+)"\]', STAGES[target][1], re.MULTILINE)
    assert (ROOT / f"{module.replace('.', '/')}.py").exists()
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", STAGES["served"][1], re.MULTILINE)
    assert json.loads(entry) == ["python", "-m", "deploy.start"]


def test_compose_and_kubernetes_run_these_images_as_the_user_of_the_image() -> None:
    services = compose()["services"]
    built = {one["build"]["target"] for one in services.values() if "build" in one}
    assert built == set(TARGETS)
    for one in services.values():
        if "build" in one:
            assert one["user"] == "10001:10001"
            assert one["image"].startswith(f"car-t-guide-{one['build']['target']}:")
            assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).exists()
    for name in TARGETS:
        pod = of_kind("Deployment")[name]["spec"]["template"]["spec"]
        assert pod["containers"][0]["image"] == f"car-t-guide-{name}"
        assert pod["securityContext"]["runAsUser"] == pod["securityContext"]["fsGroup"] == 10001


def test_the_volume_is_where_the_image_looks_for_it() -> None:
    folders = re.findall(r"GUIDE_(?:DATA|MODELS|VAR)=(\S+)", STAGES["served"][1])
    assert len(folders) == 3
    assert all(PurePosixPath(folder).parent == PurePosixPath("/volume") for folder in folders)
    for name in TARGETS:
        pod = of_kind("Deployment")[name]["spec"]["template"]["spec"]
        mounts = {one["name"]: one["mountPath"] for one in pod["containers"][0]["volumeMounts"]}
        assert mounts == {"guide": "/volume", "tmp": "/tmp"}
    ours = [one for one in compose()["services"].values() if "build" in one]
    assert all(one["volumes"] == ["guide:/volume"] for one in ours)


def test_base_image_and_database_are_those_that_the_tests_run_on() -> None:
    """Their client programs make the backups: an older one refuses a newer server."""
    assert STAGES["base"][0] == "python:3.10-slim-bookworm"
    images = {compose()["services"]["postgres"]["image"]}
    images |= {
        of_kind("StatefulSet")["postgres"]["spec"]["template"]["spec"]["containers"][0]["image"]
    }
    assert images == {"postgres:15-bookworm"}
