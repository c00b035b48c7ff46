"""The whole: what runs where, in the order in which it starts."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from guide.cluster.front import Nginx, Redis
from guide.cluster.postgres import Postgres
from guide.cluster.program import Program
from guide.ports import free_port
from guide.settings import ROOT

KEEP = str(ROOT / "tools" / "keep.sh")
CHATS = ("chat-1", "chat-2")


class Cluster:
    """Two chat servers on one database behind nginx, with all that belongs to them.

    `chats` holds the chat servers by name, `ports` who listens where on 127.0.0.1.

    Args:
        folder: of everything that it makes.
        postgres: its database server.
        port: of nginx, the address for patients.
        staff: port of the staff site.
        settings: environment variables of all servers.

    Raises:
        SettingError: a program is not installed.
    """

    def __init__(
        self, folder: Path, postgres: Postgres, port: int, staff: int, settings: Mapping[str, str]
    ) -> None:
        logs = folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self.postgres = postgres
        self.redis = Redis(folder)
        self.ports = {"nginx": port, "staff": staff}
        self.ports |= {name: free_port() for name in (*CHATS, "actions")}
        self.nginx = Nginx(folder, port, (self.ports[name] for name in CHATS))
        common = {
            "GUIDE_VAR": str(folder / "guide"), "DATABASE_URL": postgres.address("guide"),
            "REDIS_URL": self.redis.address, "ACTIONS_PORT": str(self.ports["actions"]),
            "STAFF_PORT": str(staff), "GUIDE_PROXIES": "1",
            "GUIDE_HOST": "127.0.0.1", "SANIC_HOST": "127.0.0.1", "STAFF_HOST": "127.0.0.1",
            **settings,
        }  # fmt: skip
        own = {"GUIDE_PORT": str(self.ports[CHATS[0]])}  # whose health the staff site shows

        def kept(name: str, module: str, **more: str) -> Program:
            command = [KEEP, sys.executable, "-m", module]
            return Program(name, command, logs / f"{name}.log", {**common, **own, **more})

        self.chats = {
            name: kept(name, "guide.serve", GUIDE_PORT=str(self.ports[name])) for name in CHATS
        }
        self.actions = kept("actions", "guide.serve_actions")
        self.staff = kept("staff", "staff.serve")

    @property
    def url(self) -> str:
        """Where patients reach it."""
        return f"http://127.0.0.1:{self.ports['nginx']}"

    def start(self) -> None:
        """Raises SettingError when one of the programs does not start; call `stop` then, too."""
        self.postgres.start()
        self.redis.start()
        self.postgres.wait(self.postgres.answers)
        self.postgres.make_database("guide")
        self.redis.wait(self.redis.answers)
        servers = [*self.chats.values(), self.actions, self.staff]
        for server in servers:
            server.start()
        self.nginx.start()
        for server in servers:
            path = "/account/log-in/" if server is self.staff else "/health"
            server.wait(partial(self.healthy, server.name, path))
        self.nginx.wait(self.nginx.answers)

    def stop(self) -> None:
        """End all, from the front to the back."""
        servers = [*self.chats.values(), self.actions, self.staff]
        self.nginx.stop()
        for server in servers:
            server.tell()
        for program in (*servers, self.redis, self.postgres):
            program.stop()

    def __enter__(self) -> Cluster:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def healthy(self, name: str, path: str = "/health") -> bool:
        """Whether a server answers with 200."""
        url = f"http://127.0.0.1:{self.ports[name]}{path}"
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return bool(reply.status == 200)
        except (OSError, urllib.error.URLError):
            return False
