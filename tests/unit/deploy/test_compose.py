"""compose.yml: what its containers may, and who reaches whom."""

from __future__ import annotations

import re
from typing import Any

import pytest

from guide.settings import PORTS
from tests.unit.deploy.files import DEPLOY, SETTING, compose, settings_of_the_guide, stages

SERVICES: dict[str, dict[str, Any]] = compose()["services"]
NAMES = sorted(SERVICES)
OURS = ("actions", "chat-1", "chat-2", "staff")
REFERENCE = re.compile(r"\$\{([A-Z_]+)(:?[-?])?([^}]*)\}")
COMPOSE = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / ".env.example").read_text(encoding="utf-8")


def networks(name: str) -> set[str]:
    return set(SERVICES[name]["networks"])


def reach_each_other(one: str, other: str) -> bool:
    return bool(networks(one) & networks(other))


@pytest.mark.parametrize("name", NAMES)
def test_a_container_may_do_nothing_that_it_need_not(name: str) -> None:
    service = SERVICES[name]
    user, group = service["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert set(service["deploy"]["resources"]["limits"]) == {"memory", "cpus"}


@pytest.mark.parametrize("name", NAMES)
def test_a_container_is_started_again_and_asked_whether_it_is_well(name: str) -> None:
    """Go live ends the servers: without a restart they would stay away."""
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    image = service.get("build", {}).get("target")
    lines = {stage: text for stage, _, text in stages()}
    assert "healthcheck" in service or "HEALTHCHECK" in lines[image]


def test_patients_reach_the_chat_servers_by_nginx_alone() -> None:
    assert {name for name in NAMES if reach_each_other("nginx", name)} == {
        "chat-1", "chat-2", "nginx",
    }  # fmt: skip
    assert {name for name in NAMES if "ports" in SERVICES[name]} == {"nginx", "staff"}
    servers = SERVICES["nginx"]["environment"]["NGINX_SERVERS"]
    assert re.findall(r"server ([\w-]+):(\d+) ", servers) == [
        ("chat-1", str(PORTS["GUIDE_PORT"])), ("chat-2", str(PORTS["GUIDE_PORT"])),
    ]  # fmt: skip


def test_staff_are_reached_from_this_machine_alone() -> None:
    assert SERVICES["staff"]["ports"] == [f"127.0.0.1:${{STAFF_PORT:-5006}}:{PORTS['STAFF_PORT']}"]
    published = {name for name in NAMES if "ports" in SERVICES[name]} - {"staff"}
    assert not any(reach_each_other("staff", name) for name in published)


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_the_stores_are_reached_from_inside_alone(name: str) -> None:
    assert all(compose()["networks"][network].get("internal") for network in networks(name))
    assert "ports" not in SERVICES[name]


def test_staff_and_stores_reach_nothing_outside_by_the_networks_of_others() -> None:
    outward = {name for name, one in compose()["networks"].items() if not one.get("internal")}
    users = {network: {n for n in NAMES if network in networks(n)} for network in outward}
    assert users == {"front": {"nginx", "chat-1", "chat-2"}, "registry": {"actions"},
                     "staff": {"staff"}}  # fmt: skip


def test_the_two_chat_servers_are_one_and_the_same() -> None:
    assert SERVICES["chat-1"] == SERVICES["chat-2"]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_a_server_is_a_setting_of_the_guide(name: str) -> None:
    assert set(SERVICES[name]["environment"]) - settings_of_the_guide() == set()


def test_a_secret_has_no_default() -> None:
    secrets = {name for name, _, _ in REFERENCE.findall(COMPOSE) if re.search("SECRET|PASSW", name)}
    assert {"GUIDE_SECRET", "POSTGRES_PASSWORD", "REDIS_PASSWORD"} <= secrets
    given = [(mark, default) for name, mark, default in REFERENCE.findall(COMPOSE)
             if name in secrets and mark in {"-", ":-"}]  # fmt: skip
    assert not [default for _, default in given if default]


def test_what_must_be_set_stands_in_the_example_and_nothing_there_is_unknown() -> None:
    named = {name for name, _, _ in REFERENCE.findall(COMPOSE)}
    must = {name for name, mark, _ in REFERENCE.findall(COMPOSE) if mark == ":?"}
    listed = set(SETTING.findall(EXAMPLE))
    assert must <= listed
    assert listed <= named
    # What the example of compose does not explain, the guide's own does.
    assert named - listed - settings_of_the_guide() - {"NGINX_TLS"} == set()


def test_nginx_gets_every_variable_of_its_template() -> None:
    template = (DEPLOY / "nginx" / "guide.conf.template").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", template)) <= set(SERVICES["nginx"]["environment"])
