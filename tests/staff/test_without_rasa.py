"""The staff site shares much with the chat server, and none of what loads Rasa."""

from __future__ import annotations

import os
import subprocess
import sys

from guide.settings import ROOT
from tests.django_first import SETTINGS

ASK = "import django, sys; django.setup(); import staff.urls; sys.exit('rasa' in sys.modules)"


def test_no_page_imports_rasa() -> None:
    environment = {**os.environ, **SETTINGS}
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0
