"""Settings that cannot work are told in one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.utils.endpoints import read_endpoint_config

from guide import launch
from guide.ports import check_free, check_reach
from guide.settings import (
    PORTS,
    ROOT,
    SettingError,
    data_folder,
    host,
    models_folder,
    port,
    prepare_environment,
    read_dotenv,
    retention_days,
    url,
)

OTHERS = (
    "GUIDE_HOST", "SANIC_HOST", "STAFF_HOST", "STAFF_HTTPS", "PYTHONPATH", "PYTHONWARNINGS",
    "RASA_TELEMETRY_ENABLED",
    "TF_CPP_MIN_LOG_LEVEL", "SQLALCHEMY_SILENCE_UBER_WARNING", "GUIDE_RETENTION_DAYS",
    "GUIDE_MODELS", "GUIDE_PER_MINUTE", "GUIDE_LOG", "GUIDE_LOG_LEVEL", "LOG_LEVEL",
    "LOG_LEVEL_LIBRARIES", "ACTIONS_HOST",
)  # fmt: skip


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without settings; what a test sets is undone."""
    for name in (*PORTS, *OTHERS):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program holds."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_there_are_defaults() -> None:
    assert (port("GUIDE_PORT"), port("ACTIONS_PORT"), host()) == (5005, 5055, "127.0.0.1")


@pytest.mark.parametrize(("value", "number"), [("1", 1), ("8080", 8080), ("65535", 65535)])
def test_a_port_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str, number: int
) -> None:
    monkeypatch.setenv("GUIDE_PORT", value)
    assert port("GUIDE_PORT") == number


@pytest.mark.parametrize(
    "value", ["", "abc", "0", "-1", "65536", "5005.0", " 5005", "\u00b2", "5e3"]
)
def test_what_is_no_port_is_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ACTIONS_PORT", value)
    with pytest.raises(SettingError) as told:
        port("ACTIONS_PORT")
    assert str(told.value) == (f"ACTIONS_PORT must be a port number (1 to 65535), found {value!r}")


def test_a_free_port_is_no_fault(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    monkeypatch.setenv("GUIDE_PORT", str(free))
    check_free("GUIDE_PORT")


def test_a_port_in_use_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setenv("GUIDE_PORT", str(taken))
    with pytest.raises(SettingError) as told:
        check_free("GUIDE_PORT")
    text = str(told.value)
    assert text.startswith(f"port {taken} is in use")
    assert text.endswith(" make run")
    assert "\n" not in text
    other = text.rsplit("GUIDE_PORT=", 1)[1].removesuffix(" make run")
    assert 0 < int(other) < 65536
    assert int(other) != taken


def test_the_highest_port_in_use_is_not_told_to_go_higher(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GUIDE_PORT", "65535")
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", 65535))
        except OSError:
            pytest.skip("another program holds it")
        other.listen()
        with pytest.raises(SettingError, match="GUIDE_PORT=65525 make run"):
            check_free("GUIDE_PORT")


@pytest.mark.parametrize("address", ["no.such.host.invalid", "192.0.2.1"])
def test_an_address_of_another_machine_is_not_called_in_use(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("GUIDE_HOST", address)
    with pytest.raises(SettingError) as told:
        check_free("GUIDE_PORT")
    assert str(told.value).startswith(f"cannot listen on {address} (GUIDE_HOST), port 5005")
    assert "None" not in str(told.value)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", "staff.example.org", ""])
def test_other_machines_are_let_in_by_https_only(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("STAFF_HOST", address)
    for off in ("", "0"):
        monkeypatch.setenv("STAFF_HTTPS", off)
        with pytest.raises(SettingError, match=f"^STAFF_HOST={address} lets other machines in"):
            check_reach("STAFF_PORT", "STAFF_HTTPS")
    monkeypatch.setenv("STAFF_HTTPS", "1")
    check_reach("STAFF_PORT", "STAFF_HTTPS")


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("", "127.0.0.1"), ("::", "[::1]"),
        ("fe80::1", "[fe80::1]"), ("staff.example.org", "staff.example.org"),
    ],
)  # fmt: skip
def test_where_this_machine_reaches_a_server(
    monkeypatch: pytest.MonkeyPatch, address: str, reached: str
) -> None:
    monkeypatch.setenv("STAFF_HOST", address)
    assert url("STAFF_PORT") == f"http://{reached}:5006"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_needs_no_https(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("STAFF_HOST", address)
    check_reach("STAFF_PORT", "STAFF_HTTPS")


def test_make_run_ends_with_the_sentence_and_no_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], taken: int
) -> None:
    for name, value in (("GUIDE_PORT", str(taken)), ("GUIDE_PORT", "abc")):
        monkeypatch.setenv(name, value)
        assert launch.main() == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert value in told.err
        assert len(told.err.splitlines()) == 1


def test_the_processes_get_ports_and_find_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_PORT", "6000")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    prepare_environment()
    assert (os.environ["GUIDE_PORT"], os.environ["ACTIONS_PORT"]) == ("6000", "5055")
    assert os.environ["PYTHONPATH"].split(os.pathsep) == [str(ROOT), "/elsewhere"]


@pytest.mark.parametrize(
    ("given", "found"), [(None, "127.0.0.1"), ("", "127.0.0.1"), ("actions", "actions")]
)
def test_the_chat_server_finds_the_action_server(
    monkeypatch: pytest.MonkeyPatch, given: str | None, found: str
) -> None:
    if given is not None:
        monkeypatch.setenv("ACTIONS_HOST", given)
    monkeypatch.setenv("ACTIONS_PORT", "6055")
    prepare_environment()
    endpoint = read_endpoint_config(str(ROOT / "endpoints.yml"), "action_endpoint")
    assert endpoint is not None
    assert endpoint.url == f"http://{found}:6055/webhook"


def test_nothing_is_sent_home_and_the_action_server_listens_here_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RASA_TELEMETRY_ENABLED", "true")
    prepare_environment()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert os.environ["SANIC_HOST"] == "127.0.0.1"
    monkeypatch.setenv("SANIC_HOST", "0.0.0.0")
    prepare_environment()
    assert os.environ["SANIC_HOST"] == "0.0.0.0"


def test_a_file_of_settings_is_read_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "# ports\nGUIDE_PORT=6000\nACTIONS_PORT=6055\nGUIDE_HOST=\n", encoding="utf-8"
    )
    monkeypatch.setattr("guide.settings.ROOT", tmp_path)
    monkeypatch.setenv("GUIDE_PORT", "7000")
    read_dotenv()
    assert (port("GUIDE_PORT"), port("ACTIONS_PORT")) == (7000, 6055)
    # An empty line of the example sets nothing.
    assert host() == "127.0.0.1"


def test_without_a_file_of_settings_nothing_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.settings.ROOT", tmp_path)
    before = dict(os.environ)
    read_dotenv()
    assert dict(os.environ) == before


@pytest.mark.parametrize(("value", "days"), [("", 180), ("1", 1), ("365", 365), ("3650", 3650)])
def test_days_of_keeping(monkeypatch: pytest.MonkeyPatch, value: str, days: int) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", value)
    assert retention_days() == days


@pytest.mark.parametrize("value", ["0", "-5", "3651", "1.5", "six", " 30", "\u00b2", "1e2"])
def test_what_is_no_number_of_days_is_told_at_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", value)
    assert launch.main() == 2
    told = f"GUIDE_RETENTION_DAYS must be 1 to 3650 days, found {value!r}\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("value", ["0", "-5", "1.5", "six", " 30"])
def test_what_is_no_number_of_messages_is_told_at_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    monkeypatch.setenv("GUIDE_PER_MINUTE", value)
    assert launch.main() == 2
    told = f"GUIDE_PER_MINUTE must be a number of messages, found {value!r}\n"
    assert capsys.readouterr().err == told


def test_content_and_models_lie_beside_the_program_unless_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUIDE_DATA", raising=False)
    monkeypatch.delenv("GUIDE_MODELS", raising=False)
    assert (data_folder(), models_folder()) == (ROOT / "data", ROOT / "models")
    monkeypatch.setenv("GUIDE_DATA", "other/data")
    monkeypatch.setenv("GUIDE_MODELS", str(tmp_path / "volume" / "models"))
    assert data_folder() == ROOT / "other/data"
    assert models_folder() == tmp_path / "volume" / "models"
    assert models_folder().is_dir()  # a new volume is empty


def test_every_part_reads_the_same_content_folder(tmp_path: Path) -> None:
    ask = (
        "from guide import content, safety, settings; from guide.privacy import loader;"
        "print(content.DATA, safety.PATTERNS.parent, loader.DATA, settings.data_folder())"
    )
    for given, folder in ((str(tmp_path), tmp_path), ("elsewhere", ROOT / "elsewhere")):
        done = subprocess.run(
            [sys.executable, "-c", ask], cwd=ROOT, env={**os.environ, "GUIDE_DATA": given},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.split() == [str(folder)] * 4


@pytest.mark.parametrize("level", ["DEBUG", "debug", "NOTSET", "10", "TRACE", "info"])
def test_there_is_no_level_at_which_messages_are_logged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], level: str
) -> None:
    monkeypatch.setenv("GUIDE_LOG_LEVEL", level)
    assert launch.main() == 2
    told = capsys.readouterr().err
    assert told.startswith(f"GUIDE_LOG_LEVEL must be one of INFO, WARNING, ERROR, found '{level}'")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(("given", "level"), [("", "INFO"), ("INFO", "INFO"), ("ERROR", "ERROR")])
def test_rasas_own_settings_make_it_no_more_talkative(
    monkeypatch: pytest.MonkeyPatch, given: str, level: str
) -> None:
    monkeypatch.setenv("GUIDE_LOG_LEVEL", given)
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOG_LEVEL_LIBRARIES", "DEBUG")
    prepare_environment()
    assert (os.environ["LOG_LEVEL"], os.environ["LOG_LEVEL_LIBRARIES"]) == (level, "ERROR")


def test_a_form_of_log_lines_that_there_is_not_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_LOG", "xml")
    assert launch.main() == 2
    assert capsys.readouterr().err == "GUIDE_LOG must be text or json, found 'xml'\n"
