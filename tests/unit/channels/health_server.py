"""A chat server of its own process without a model: REST, health and housekeeping.

`python -m tests.unit.channels.health_server PORT`. A message is answered once its text is the name
of a file in GUIDE_VAR, so that a test says when.
"""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from guide.channels.health import HealthChannel
from guide.channels.rest import RestChannel
from guide.content import DATA, load
from guide.settings import var_folder


class Agent:
    """As the health page sees Rasa's agent, with a model of all answers."""

    model_name = "guide-abc.tar.gz"

    def __init__(self, without: str = "") -> None:
        answers = [id_ for id_ in load(DATA).answers if id_ != without]
        responses = {f"utter_{id_}" for id_ in answers}
        self.domain = SimpleNamespace(intents=answers, responses=responses)

    @staticmethod
    def is_ready() -> bool:
        return True

    @staticmethod
    async def handle_message(message: UserMessage) -> None:
        (var_folder() / f"got-{message.text}").touch()
        while not (var_folder() / message.text).exists():
            await asyncio.sleep(0.02)
        reply = {"text": f"You said: {message.text}", "kind": "answer"}
        await message.output_channel.send_response(message.sender_id, reply)


def application(name: str) -> Sanic:
    """With the two channels, and no agent yet."""
    app = Sanic(name, configure_logging=False)
    register([RestChannel(), HealthChannel.from_credentials(None)], app, route="/webhooks/")
    return app


if __name__ == "__main__":
    served = application("health")
    served.ctx.agent = Agent()
    served.run("127.0.0.1", int(sys.argv[1]))
