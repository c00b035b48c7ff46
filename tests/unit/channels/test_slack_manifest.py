"""deploy/slack-manifest.yaml: what Slack's schemas allow, and no more than the guide needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from guide.settings import ROOT
from tests.unit.channels.slack_server import ROUTE

SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    text = (ROOT / "deploy" / "slack-manifest.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@pytest.mark.parametrize("version", [1, 2])
def test_slacks_schema_allows_it(manifest: dict[str, Any], version: int) -> None:
    path: Path = SHARED / f"slack.manifest.schema.{version}.json"
    if not path.exists():
        pytest.skip(f"Slack's schema is not here: {path.name}")
    schema = json.loads(path.read_text(encoding="utf-8"))
    faults = jsonschema.Draft7Validator(schema).iter_errors(manifest)
    assert [f"{list(fault.path)}: {fault.message}" for fault in faults] == []


def test_every_address_is_the_one_that_we_serve(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(command["url"] for command in manifest["features"]["slash_commands"]),
    }
    (address,) = addresses
    assert address.startswith("https://")
    assert address.endswith(ROUTE)


def test_it_asks_for_what_it_handles_and_nothing_else(manifest: dict[str, Any]) -> None:
    """Reading channels (channels:history) is no part of it."""
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == {
        "app_home_opened", "app_mention", "message.im",
    }  # fmt: skip
    assert manifest["oauth_config"]["scopes"] == {
        "bot": ["app_mentions:read", "chat:write", "commands", "im:history"]
    }


def test_people_can_write_to_it(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"] and home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert manifest["features"]["slash_commands"][0]["command"] == "/lupus"
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert not manifest["settings"]["socket_mode_enabled"]
