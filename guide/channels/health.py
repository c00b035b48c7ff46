"""GET /health: whether patients can be answered, and their conversations kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from prometheus_client import REGISTRY
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from guide import live, metrics
from guide.channels.bounds import set_bounds
from guide.channels.housekeeping import Housekeeping
from guide.channels.turns import Handler, shared_turns
from guide.content import Content, unknown_answers
from guide.metrics.vitals import Vitals
from guide.settings import drain_seconds, retention_days
from guide.store import failures
from guide.store.database import database_url, engine_of
from guide.store.heartbeat import Heartbeat

PREFIX = "/health"
PATIENCE_SECONDS = 2.0
EVERY_SECONDS = 2.0  # however often somebody asks


@dataclass(frozen=True)
class Store:
    """Whether it takes a write, and how many accepted messages wait; None where nobody knows."""

    ready: bool
    waiting: int | None = None


class Pulse:
    """The newest write that was tried: one at a time, at most one each `EVERY_SECONDS`.

    Args:
        beat: writes; returns how many messages wait.
    """

    def __init__(self, beat: Callable[[], int]) -> None:
        self._beat = beat
        self._began = 0.0
        self._trying: asyncio.Task[Store] | None = None

    async def feel(self) -> Store:
        """Not ready when the write failed, or took longer than `PATIENCE_SECONDS`."""
        old = time.monotonic() - self._began >= EVERY_SECONDS
        if self._trying is None or (self._trying.done() and old):
            self._began = time.monotonic()
            self._trying = asyncio.ensure_future(self._try())
        # Waited for and not cancelled: a database that hangs gets no second write beside it. Who
        # asks meanwhile may begin the next.
        trying = self._trying
        done, _ = await asyncio.wait({trying}, timeout=PATIENCE_SECONDS)
        return trying.result() if done else Store(False)

    async def _try(self) -> Store:
        try:
            return Store(True, await asyncio.to_thread(self._beat))
        except Exception:  # whatever the driver raises, it takes no write
            return Store(False)


def report(agent: Any, content: Content, store: Store, ends: bool = False) -> dict[str, Any]:
    """What /health tells: nothing of patients, no settings.

    Args:
        agent: Rasa's, None while there is none.
        content: what the guide answers from.
        store: of `Pulse.feel`.
        ends: whether the server is about to end, and wants nobody sent to it.
    """
    domain = _domain(agent)
    ready = {
        "model": domain is not None,
        "answers": knows(agent, content),
        "store": store.ready,
        "server": not ends,
    }
    return {
        "status": "ready" if all(ready.values()) else "not ready",
        "not_ready": [part for part, well in ready.items() if not well],
        "content": content.version,
        "model": (agent.model_name or "").removesuffix(".tar.gz") if domain is not None else "",
        "release": live.release(),
        "store_failures": failures.count(),
        "inbox": store.waiting,
    }


def _from_thread(
    loop: asyncio.AbstractEventLoop, look: Callable[[], Coroutine[Any, Any, dict[str, Any]]]
) -> dict[str, Any]:
    """The report, for a thread of its own; raises where the loop is held up for too long."""
    return asyncio.run_coroutine_threadsafe(look(), loop).result(2 * PATIENCE_SECONDS)


def knows(agent: Any, content: Content) -> bool:
    """Whether the model is there and holds every answer of the content."""
    domain = _domain(agent)
    return domain is not None and not unknown_answers(
        content.answers, domain.intents, domain.responses
    )


def _domain(agent: Any) -> Any:
    """Of the model, None while there is none."""
    return agent.domain if agent is not None and agent.is_ready() else None


class HealthChannel(InputChannel):
    """credentials.yml: `guide.channels.health.HealthChannel:`. It takes no messages.

    It also bounds every request (`bounds`), and while the server runs it keeps house
    (`housekeeping`) and lets Prometheus ask.
    """

    @classmethod
    def name(cls) -> str:
        """Of no conversation."""
        return "health"

    def url_prefix(self) -> str:
        """An absolute path leaves Rasa's /webhooks/."""
        return PREFIX

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The route; raises SettingError where the days of keeping are none."""
        routes = Blueprint("health_channel")
        routes.listener("before_server_start")(set_bounds)
        content = shared_turns().gate.content
        engine = engine_of(database_url())
        pulse = Pulse(Heartbeat(engine).beat)
        drain = drain_seconds()
        house = Housekeeping(engine, retention_days(), drain)

        async def look(app: Sanic) -> dict[str, Any]:
            agent = getattr(app.ctx, "agent", None)
            return report(agent, content, await pulse.feel(), house.ends)

        @routes.route("/", methods=["GET", "HEAD"])
        async def health(request: Request) -> HTTPResponse:
            told = await look(request.app)
            status = 503 if told["not_ready"] else 200
            return response.json(told, status, headers={"Cache-Control": "no-store"})

        @routes.listener("after_server_start")
        async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            house.start(lambda: knows(getattr(app.ctx, "agent", None), content))
            shared_turns().start(asyncio.to_thread(shared_turns().gate.warm))
            if metrics.serve(metrics.CHAT_PORT):
                REGISTRY.register(Vitals(partial(_from_thread, loop, lambda: look(app))))

        @routes.listener("before_server_stop")
        async def stop(_: Sanic, __: Any) -> None:
            await house.stop()
            # It still listens and answers: who sends patients here has time to look elsewhere.
            await asyncio.sleep(drain)

        @routes.listener("after_server_stop")
        async def stopped(_: Sanic, __: Any) -> None:
            await shared_turns().recorded()

        return routes
