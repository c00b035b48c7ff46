"""The manifests: what their containers may, who reaches whom, and when a server gets patients."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from guide.settings import PORTS
from tests.unit.deploy.files import (
    KUBERNETES,
    OTHERS,
    OURS,
    container,
    of_kind,
    pods,
    settings_of_the_guide,
    variables,
)

WORKLOADS = sorted(pods())
POLICIES = of_kind("NetworkPolicy")
PORT = {"chat": "GUIDE_PORT", "actions": "ACTIONS_PORT", "staff": "STAFF_PORT"}


def sources(name: str) -> list[dict[str, Any]]:
    """Who may come in to the pods of a workload, by all rules that choose them."""
    return [
        source
        for policy in POLICIES.values()
        if policy["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": name}}
        for rule in policy["spec"].get("ingress", [])
        for source in rule.get("from", [{}])
    ]


def names(source: dict[str, Any]) -> set[str]:
    """The workloads that a source chooses; "*" where it is no choice of pods."""
    chosen = source.get("podSelector", {})
    if "namespaceSelector" in source or not chosen:
        return {"*"}
    listed = [one["values"] for one in chosen.get("matchExpressions", [])]
    return set(chosen.get("matchLabels", {}).values()).union(*listed)


def test_there_is_a_workload_for_each_server_and_store() -> None:
    assert set(WORKLOADS) == {*OURS, *OTHERS}


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_may_do_nothing_that_it_need_not(name: str) -> None:
    pod, one = pods()[name]["spec"], container(name)
    assert pod["automountServiceAccountToken"] is False
    # Kubernetes would set ACTIONS_PORT=tcp://... for a Service named actions.
    assert pod["enableServiceLinks"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert one["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert set(one["resources"]["limits"]) == set(one["resources"]["requests"]) == {"cpu", "memory"}


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_is_asked_whether_it_is_well(name: str) -> None:
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container(name))


def test_an_update_takes_no_chat_server_away_before_another_is_ready() -> None:
    spec = of_kind("Deployment")["chat"]["spec"]
    assert spec["replicas"] >= 2
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert container("chat")["startupProbe"]["httpGet"]["path"] == "/health"
    drain = int(variables("chat")["GUIDE_DRAIN_SECONDS"])
    probe = container("chat")["readinessProbe"]
    # Kubernetes knows by then that the server ends, and the end comes before it is killed.
    assert probe["failureThreshold"] * probe["periodSeconds"] < drain
    assert drain < spec["template"]["spec"]["terminationGracePeriodSeconds"] - 30


def test_a_disruption_leaves_a_chat_server() -> None:
    assert of_kind("PodDisruptionBudget")["chat"]["spec"]["maxUnavailable"] == 1


def test_nothing_is_reached_unless_a_rule_says_so() -> None:
    spec = POLICIES["nothing"]["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_staff_are_reached_from_their_own_namespace_alone() -> None:
    assert sources("staff") == [
        {"namespaceSelector": {"matchLabels": {"car-t-guide/staff": "yes"}}}
    ]
    served = {
        path["backend"]["service"]["name"]
        for ingress in of_kind("Ingress").values()
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
    }
    assert served == {"chat"}
    assert {one["spec"].get("type", "ClusterIP") for one in of_kind("Service").values()} == {
        "ClusterIP"
    }


@pytest.mark.parametrize(
    ("name", "expected"), [("postgres", {"chat", "staff"}), ("redis", {"chat"})]
)
def test_a_store_is_reached_by_who_needs_it(name: str, expected: set[str]) -> None:
    assert set[str]().union(*(names(source) for source in sources(name))) == expected


@pytest.mark.parametrize("name", ["staff", *OTHERS])
def test_who_needs_nothing_outside_reaches_nothing_there(name: str) -> None:
    rules = POLICIES[name]["spec"].get("egress", [])
    assert not [to for rule in rules for to in rule.get("to", [{"ipBlock": {}}]) if "ipBlock" in to]


def test_the_rest_channel_and_metrics_have_no_way_in() -> None:
    paths = {
        (path["path"], path["pathType"])
        for rule in of_kind("Ingress")["chat"]["spec"]["rules"]
        for path in rule["http"]["paths"]
    }
    assert paths == {
        ("/", "Exact"), ("/chat", "Prefix"), ("/webhooks/slack/events", "Exact"),
        ("/webhooks/telegram/webhook", "Exact"),
    }  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_of_the_guide(name: str) -> None:
    # The passwords are parts of DATABASE_URL and REDIS_URL.
    passwords = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    assert set(variables(name)) - settings_of_the_guide() - passwords == set()


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_secret_stands_in_the_example_without_a_value(name: str) -> None:
    text = (KUBERNETES / "secret.example.yaml").read_text(encoding="utf-8")
    example = yaml.safe_load(text)
    assert not any(example["stringData"].values())
    for value in variables(name).values():
        if isinstance(value, dict):
            secret = value["valueFrom"]["secretKeyRef"]
            assert secret["name"] == example["metadata"]["name"]
            assert secret["key"] in example["stringData"]


@pytest.mark.parametrize("name", OURS)
def test_ports_are_those_that_the_servers_listen_on(name: str) -> None:
    port = PORTS[PORT[name]]
    listed = {one["name"]: one["containerPort"] for one in container(name)["ports"]}
    assert listed["http"] == port
    (served,) = of_kind("Service")[name]["spec"]["ports"]
    assert (served["port"], served["targetPort"]) == (port, "http")
    if "metrics" in listed:
        setting = "METRICS_PORT" if name == "chat" else "ACTIONS_METRICS_PORT"
        assert variables(name)[setting] == str(listed["metrics"])


def test_names_that_servers_call_each_other_by_are_services() -> None:
    services = set(of_kind("Service"))
    assert variables("chat")["ACTIONS_HOST"] in services
    assert variables("staff")["GUIDE_URL"] == f"http://chat:{PORTS['GUIDE_PORT']}"
    assert "@postgres:" in variables("chat")["DATABASE_URL"]
    assert "@redis:" in variables("chat")["REDIS_URL"]
    assert {"postgres", "redis", "chat"} <= services
