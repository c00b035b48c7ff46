"""Ports: whether one can be listened on, who reaches it, and one that is free."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket

from guide.settings import HOSTS, SettingError, host, port


def check_free(name: str) -> None:
    """Raises SettingError when nobody can listen there, or another program does already."""
    number = port(name)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(name), number))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                place = f"{host(name)} ({HOSTS[name]}), port {number} ({name})"
                raise SettingError(f"cannot listen on {place}: {error.strerror}") from None
            other = number + 10 if number < 65526 else number - 10
            raise SettingError(
                f"port {number} is in use ({error.strerror}). Stop the program that holds it, or "
                f"choose another: {name}={other} make run"
            ) from None


def check_reach(name: str, https: str) -> None:
    """Refuse to let other machines in without HTTPS, for passwords could be read on the way.

    Args:
        name: a port of `PORTS`.
        https: the setting that says that a proxy with HTTPS stands before it.

    Raises:
        SettingError: the server of this port would listen beyond this machine without it.
    """
    address = host(name)
    if os.environ.get(https, "") in ("", "0") and not _is_this_machine(address):
        raise SettingError(
            f"{HOSTS[name]}={address} lets other machines in, where passwords could be read on the "
            f"way. Put a proxy with HTTPS before it and set {https}=1, or leave {HOSTS[name]} at "
            "127.0.0.1"
        )


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
