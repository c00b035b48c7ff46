"""Sets Django up for the tests of the staff site, on a database of its own.

Before anything else is imported: setting it up closes the handlers of all loggers, and that of
TensorFlow, which Rasa brings, would close the file in which pytest keeps what tests print.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import django

FOLDER = Path(tempfile.mkdtemp(prefix="staff-"))
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "staff.settings",
    "DATABASE_URL": f"sqlite:///{FOLDER / 'staff.db'}",
    "GUIDE_SECRET": "for the tests of the staff site only",
    "STAFF_HOSTS": "127.0.0.1,localhost,testserver",
}
with patch.dict(os.environ, SETTINGS):
    django.setup()
