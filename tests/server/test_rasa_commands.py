"""Rasa's own commands work on the project through its importer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guide.settings import ROOT


@pytest.mark.server
def test_rasa_data_validate_is_clean() -> None:
    """Warnings count: an unused response or an example of two intents is one."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("rasa")), "data", "validate", "--fail-on-warnings",
         "--data", "data", "--domain", "domain.yml", "--config", "config.yml"],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
