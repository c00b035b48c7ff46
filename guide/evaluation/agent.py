"""The guide in this process: gate, trained model, replies, and a real action server beside it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.agent import Agent, load_agent
from rasa.core.utils import AvailableEndpoints

from guide.channels.turns import Said, shared_turns
from guide.evaluation.servers import action_server
from guide.ports import free_port
from guide.settings import ROOT
from guide.train import model_path


class LocalGuide:
    """Takes messages as the channels do."""

    def __init__(self, agent: Agent, folder: TemporaryDirectory[str]) -> None:
        self._agent = agent
        self._folder = folder  # goes with this object
        self._turns = shared_turns()

    async def say(self, sender: str, text: str) -> dict[str, Any]:
        """One turn: the reply's {text, kind, answers, by}; `by` is "patterns" for the gate's."""
        by = "patterns" if self._turns.gate.take(text).reply is not None else "model"
        reply = await self._turns.reply(self._agent.handle_message, Said("rest", sender, text))
        return {"text": reply.text, "kind": reply.kind, "answers": list(reply.answers), "by": by}


@asynccontextmanager
async def running_guide() -> AsyncIterator[LocalGuide]:
    """The guide of today's model with an action server, which is ended on leaving."""
    port = free_port()
    # The registry is out of reach on purpose: figures must not depend on it.
    with action_server(port, CTGOV_API_URL=f"http://127.0.0.1:{free_port()}"):
        yield await local_guide(model_path(), port)


async def local_guide(model: Path, actions_port: int) -> LocalGuide:
    """Load a trained model with the endpoints of endpoints.yml, and a database of its own.

    What is asked here is no patient's, and must not stand among their conversations.
    """
    folder = TemporaryDirectory(prefix="guide-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder.name}/guide.db"
    os.environ["ACTIONS_PORT"] = str(actions_port)
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    return LocalGuide(await load_agent(model_path=str(model), endpoints=endpoints), folder)
