"""The configuration of nginx, as nginx reads it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from guide.channels.once import WAIT_SECONDS
from guide.channels.serving import MAX_BODY
from guide.cluster.front import TEMPLATE, Nginx, filled, found
from guide.locks import PATIENCE_SECONDS
from guide.settings import SettingError
from guide.workarounds import ACTION_TIMEOUT_SECONDS

TEXT = TEMPLATE.read_text(encoding="utf-8")


@pytest.fixture
def nginx() -> str:
    try:
        return found("nginx")
    except SettingError as error:
        left_out = pytest.fail if os.environ.get("CI") else pytest.skip
        left_out(str(error))
        raise


def test_nginx_finds_no_fault_in_it(nginx: str, tmp_path: Path) -> None:
    Nginx(tmp_path, 8080, (5005, 5006))
    command = [nginx, "-e", "stderr", "-t", "-q", "-p", str(tmp_path), "-c"]
    checked = subprocess.run([*command, str(tmp_path / "nginx.conf")], capture_output=True)
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_with_tls_too(nginx: str, tmp_path: Path) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    made += ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]
    subprocess.run(made, check=True, capture_output=True)
    Nginx(tmp_path, 8080, (5005,))
    tls = f"ssl_certificate {tmp_path}/certificate; ssl_certificate_key {tmp_path}/key;"
    values = {"NGINX_SERVERS": "server 127.0.0.1:5005;", "NGINX_LISTEN": "127.0.0.1:8443 ssl"}
    (tmp_path / "guide.conf").write_text(filled(TEMPLATE, {**values, "NGINX_TLS": tls}))
    command = [nginx, "-e", "stderr", "-t", "-q", "-c", str(tmp_path / "nginx.conf")]
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_all_its_variables_are_explained() -> None:
    head, _, body = TEXT.partition("upstream guide")
    assert set(re.findall(r"\$\{(\w+)\}", body)) == set(re.findall(r"^# (NGINX_\w+)", head, re.M))


def test_only_what_patients_and_platforms_need_is_passed_on() -> None:
    passed = re.findall(r"location (?:= )?(\S+) \{[^}]*proxy_pass", TEXT)
    assert passed == [
        "/", "/chat", "/chat/", "/webhooks/slack/events", "/webhooks/telegram/webhook",
    ]  # fmt: skip
    assert "location = / {" in TEXT
    assert re.search(r"location / \{\s+return 404;", TEXT)


def test_it_waits_longer_than_the_slowest_reply_and_takes_the_largest_message() -> None:
    read = re.search(r"proxy_read_timeout (\d+)s", TEXT)
    assert read
    assert int(read[1]) > max(WAIT_SECONDS, PATIENCE_SECONDS + 4 * ACTION_TIMEOUT_SECONDS)
    size = re.search(r"location /chat/ \{[^}]*client_max_body_size (\d+)k", TEXT)
    assert size
    assert int(size[1]) * 1024 > MAX_BODY


def test_its_log_holds_nothing_of_a_patient() -> None:
    logged = re.search(r"log_format guide(.*?);", TEXT, re.DOTALL)
    assert logged
    assert not re.search(
        r"\$(request|request_uri|args|query_string|remote_\w+|http_\w+)\b", logged[1]
    )
