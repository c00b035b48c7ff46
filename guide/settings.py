"""Settings from the environment, with defaults, checked once."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import honcho.environ

ROOT = Path(__file__).parents[1]
PORTS = {"GUIDE_PORT": 5005, "ACTIONS_PORT": 5055, "STAFF_PORT": 5006}
# The setting with the address that the server of a port listens on. rasa_sdk reads Sanic's own.
HOSTS = {"GUIDE_PORT": "GUIDE_HOST", "ACTIONS_PORT": "SANIC_HOST", "STAFF_PORT": "STAFF_HOST"}
MIN_SECRET = 32
RETENTION_DAYS, MAX_RETENTION_DAYS = 180, 3650
# Messages of one conversation: a person types slower; whoever is over it waits seconds.
PER_MINUTE = 30
LOG_FORMS = ("text", "json")
LOG_LEVELS = ("INFO", "WARNING", "ERROR")
MAX_DRAIN_SECONDS = 60


class SettingError(Exception):
    """A setting that cannot work, in words for who starts the guide."""


def read_dotenv() -> None:
    """The settings of a file `.env` beside the Makefile; the environment's own go before them."""
    path = ROOT / ".env"
    if not path.is_file():
        return
    for name, value in honcho.environ.parse(path.read_text(encoding="utf-8")).items():
        if value:
            os.environ.setdefault(name, value)


def port(name: str) -> int:
    """A port of `PORTS`.

    Raises:
        SettingError: the value is no port number.
    """
    return _port(name, os.environ.get(name, str(PORTS[name])))


def port_if_set(name: str) -> int | None:
    """A port that is off unless it is set; None where it is not, or 0.

    Raises:
        SettingError: the value is no port number.
    """
    value = os.environ.get(name, "")
    return _port(name, value) if value not in ("", "0") else None


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise SettingError(f"{name} must be a port number (1 to 65535), found {value!r}")
    return int(value)


def host(name: str = "GUIDE_PORT") -> str:
    """The address that the server of a port listens on: this machine only, unless set."""
    return os.environ.get(HOSTS[name], "127.0.0.1")


def url(name: str) -> str:
    """Where this machine itself reaches the server of a port."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  as it may be set
    address = everywhere.get(host(name), host(name))
    return f"http://{bracketed(address)}:{port(name)}"


def bracketed(address: str) -> str:
    """An address as it stands before a port."""
    return f"[{address}]" if ":" in address else address


def var_folder() -> Path:
    """GUIDE_VAR: where the guide keeps what it makes while running."""
    return _made(_folder("GUIDE_VAR", "var"))


def data_folder() -> Path:
    """GUIDE_DATA: the content that patients are answered from."""
    return _folder("GUIDE_DATA", "data")


def questions_folder() -> Path:
    """GUIDE_QUESTIONS: the held-out messages that the guide is measured by."""
    return _folder("GUIDE_QUESTIONS", "tests/questions")


def models_folder() -> Path:
    """GUIDE_MODELS: the trained models, and which of them is live."""
    return _made(_folder("GUIDE_MODELS", "models"))


def _folder(name: str, default: str) -> Path:
    """A folder of the environment; relative ones are below the project's."""
    return ROOT / (os.environ.get(name) or default)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def retention_days() -> int:
    """GUIDE_RETENTION_DAYS: for how many days conversations are kept.

    Raises:
        SettingError: it is no number of days. None at all cannot be told from a mistake.
    """
    value = os.environ.get("GUIDE_RETENTION_DAYS") or str(RETENTION_DAYS)
    if not (value.isascii() and value.isdecimal() and 0 < int(value) <= MAX_RETENTION_DAYS):
        raise SettingError(
            f"GUIDE_RETENTION_DAYS must be 1 to {MAX_RETENTION_DAYS} days, found {value!r}"
        )
    return int(value)


def messages_per_minute() -> int:
    """GUIDE_PER_MINUTE: how many messages of one conversation are answered in the long run.

    Raises:
        SettingError: it is no number above 0.
    """
    value = os.environ.get("GUIDE_PER_MINUTE") or str(PER_MINUTE)
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        raise SettingError(f"GUIDE_PER_MINUTE must be a number of messages, found {value!r}")
    return int(value)


def log_form() -> str:
    """GUIDE_LOG: one of `LOG_FORMS`.

    Raises:
        SettingError: it is another one.
    """
    value = os.environ.get("GUIDE_LOG") or LOG_FORMS[0]
    if value not in LOG_FORMS:
        raise SettingError(f"GUIDE_LOG must be {' or '.join(LOG_FORMS)}, found {value!r}")
    return value


def log_level() -> str:
    """GUIDE_LOG_LEVEL of the chat and the action server: one of `LOG_LEVELS`.

    Raises:
        SettingError: it is another one, such as DEBUG.
    """
    value = os.environ.get("GUIDE_LOG_LEVEL") or LOG_LEVELS[0]
    if value not in LOG_LEVELS:
        raise SettingError(
            f"GUIDE_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, found {value!r} "
            "(at DEBUG, Rasa logs what patients write)"
        )
    return value


def redis_url() -> str:
    """REDIS_URL: the Redis that several servers share, "" for a single one.

    Raises:
        SettingError: it is no address of a Redis. It can hold a password, so it is not told.
    """
    value = os.environ.get("REDIS_URL", "")
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise SettingError("REDIS_URL must be redis://..., rediss://... or unix://...")
    return value


def drain_seconds() -> int:
    """GUIDE_DRAIN_SECONDS: how long a server that ends says so at /health and goes on answering.

    Raises:
        SettingError: it is no number of seconds.
    """
    value = os.environ.get("GUIDE_DRAIN_SECONDS") or "0"
    if not (value.isascii() and value.isdecimal() and int(value) <= MAX_DRAIN_SECONDS):
        raise SettingError(
            f"GUIDE_DRAIN_SECONDS must be 0 to {MAX_DRAIN_SECONDS} seconds, found {value!r}"
        )
    return int(value)


def server_name() -> str:
    """This chat server among several."""
    return f"{socket.gethostname()}:{port('GUIDE_PORT')}"[-100:]


def secret() -> bytes:
    """GUIDE_SECRET, which signs sessions and buttons. Several servers share one.

    Without it one is made and kept in the folder of `var_folder`, so that a restart of a single
    server breaks nothing.

    Raises:
        SettingError: it is too short to be safe, or cannot be kept.
    """
    given = os.environ.get("GUIDE_SECRET", "")
    if given:
        if len(given) < MIN_SECRET:
            raise SettingError(f"GUIDE_SECRET must have at least {MIN_SECRET} characters")
        return given.encode()
    try:
        path = var_folder() / "secret"
        if not path.exists():
            _make_secret(path)
        kept = path.read_bytes()
    except OSError as error:
        raise SettingError(f"the secret cannot be kept in GUIDE_VAR: {error.strerror}") from None
    if len(kept) < MIN_SECRET:
        raise SettingError(f"{path} is too short: delete it, and a new one is made")
    return kept


def _make_secret(path: Path) -> None:
    """A file that only this user reads. It appears whole: two servers may start at once."""
    with NamedTemporaryFile("w", dir=path.parent) as file:  # its mode is 600
        file.write(secrets.token_urlsafe(48))
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)


def prepare_environment() -> None:
    """Defaults that endpoints.yml and the processes read; nothing is sent home, little is said."""
    for name in PORTS:
        os.environ[name] = str(port(name))
    # Where the chat server finds the action server.
    os.environ["ACTIONS_HOST"] = os.environ.get("ACTIONS_HOST") or "127.0.0.1"
    os.environ["GUIDE_RETENTION_DAYS"] = str(retention_days())
    os.environ["GUIDE_PER_MINUTE"] = str(messages_per_minute())
    log_form()
    # Rasa's own names. Whatever they were: DEBUG would log what patients write.
    os.environ["LOG_LEVEL"] = log_level()
    os.environ["LOG_LEVEL_LIBRARIES"] = "ERROR"
    redis_url(), drain_seconds()  # told now, not when they are needed
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_HOST"] = host("ACTIONS_PORT")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)


def quiet_rasa() -> None:
    """Rasa's structured logs tell every message at debug level until they are configured, which
    `rasa run` does and a call of its functions does not."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
