"""nginx and Redis of one's own, in a folder, from the installed programs."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template

from guide.cluster.program import Program
from guide.settings import ROOT, SettingError

TEMPLATE = ROOT / "deploy" / "nginx" / "guide.conf.template"
AROUND = Path(__file__).with_name("nginx.conf.template")
# Debian keeps nginx where only root looks.
ALSO = "/usr/sbin:/sbin"


def found(program: str) -> str:
    """Where a program is.

    Raises:
        SettingError: it is not installed.
    """
    where = shutil.which(program) or shutil.which(program, path=ALSO)
    if where is None:
        raise SettingError(f"{program} is not installed: tools/servers.sh brings it")
    return where


class Nginx(Program):
    """The project's template on a loopback port.

    Args:
        folder: of its configuration and temporary files; it is there.
        port: where it listens.
        servers: ports of the chat servers.
    """

    def __init__(self, folder: Path, port: int, servers: Iterable[int]) -> None:
        self._port = port
        listed = " ".join(f"server 127.0.0.1:{server} max_fails=0;" for server in servers)
        values = {"NGINX_SERVERS": listed, "NGINX_LISTEN": f"127.0.0.1:{port}", "NGINX_TLS": ""}
        (folder / "guide.conf").write_text(filled(TEMPLATE, values), encoding="utf-8")
        configuration = folder / "nginx.conf"
        configuration.write_text(filled(AROUND, {"FOLDER": str(folder)}), encoding="utf-8")
        log = folder / "nginx.log"
        command = [found("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(configuration)]
        super().__init__("nginx", command, log)

    def answers(self) -> bool:
        """Whether somebody listens."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


class Redis(Program):
    """It listens on a socket in its folder only, and keeps nothing when it ends."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        command = [found("redis-server"), "--port", "0", "--unixsocket", str(self._socket)]
        command += ["--unixsocketperm", "700", "--save", "", "--appendonly", "no"]
        super().__init__("redis", [*command, "--dir", str(folder)], folder / "redis.log")

    @property
    def address(self) -> str:
        """REDIS_URL."""
        return f"unix://{self._socket}"

    def answers(self) -> bool:
        """Whether it takes connections."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0


def filled(template: Path, values: Mapping[str, str]) -> str:
    """The text of a template; nginx's own `$names` stay."""
    return Template(template.read_text(encoding="utf-8")).safe_substitute(values)
