"""What Slack refuses in a message, by slack_sdk's own models and the documented limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

MAX_TEXT = 40_000
MAX_BLOCKS = {"message": 50, "home": 100}
MAX_BLOCKS_TEXT = 13_200
MAX_VALUE = 2000


def bad_blocks(blocks: Any, surface: str = "message") -> list[str]:
    """What is wrong with blocks; [] where Slack would show them."""
    if not isinstance(blocks, list):
        return ["blocks must be an array"]
    if len(blocks) > MAX_BLOCKS[surface]:
        return [f"no more than {MAX_BLOCKS[surface]} items allowed"]
    return [*_by_models(blocks), *_twice(blocks), *_empty(blocks)]


def _by_models(blocks: list[Any]) -> Iterable[str]:
    for number, raw in enumerate(blocks):
        try:
            block = Block.parse_all([raw])[0]
            if block is None:
                yield f"/blocks/{number}: unknown type"
            else:
                block.validate_json()
                block.to_dict()  # checks what stands inside too
        except (SlackObjectFormationError, TypeError, AttributeError, KeyError) as error:
            yield f"/blocks/{number}: {error}"


def _twice(blocks: list[Any]) -> Iterable[str]:
    names = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id {name} already exists" for name, n in names.items() if n > 1)
    for block in blocks:
        actions = Counter(element.get("action_id") for element in block.get("elements", []))
        del actions[None]
        yield from (f"action_id {name} already exists" for name, n in actions.items() if n > 1)


def _empty(blocks: list[Any]) -> Iterable[str]:
    for number, block in enumerate(blocks):
        for one in (block, *block.get("elements", [])):
            text = one.get("text")
            if isinstance(text, dict) and not str(text.get("text", "")).strip():
                yield f"/blocks/{number}: must be more than 0 characters"
            if one.get("value") == "" or len(one.get("value") or "") > MAX_VALUE:
                yield f"/blocks/{number}: value must be 1 to {MAX_VALUE} characters"
        if block.get("type") in {"actions", "context"} and not block.get("elements"):
            yield f"/blocks/{number}: must have elements"


def refusal(message: dict[str, Any]) -> dict[str, Any] | None:
    """Slack's error for a message to post, None for a good one."""
    text, blocks = message.get("text") or "", message.get("blocks") or []
    if not text.strip() and not blocks:
        return {"error": "no_text"}
    if len(text) > MAX_TEXT:
        return {"error": "msg_too_long"}
    if "as_user" in message:
        return {"error": "invalid_arguments", "warning": "deprecated_argument: as_user"}
    if wrong := bad_blocks(blocks):
        told = [f"[ERROR] {one}" for one in wrong]
        return {"error": "invalid_blocks", "response_metadata": {"messages": told}}
    if sum(len((block.get("text") or {}).get("text", "")) for block in blocks) > MAX_BLOCKS_TEXT:
        return {"error": "msg_blocks_too_long"}
    return None
