"""Figures and answers counted by PostgreSQL as by SQLite."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from guide.settings import ROOT
from tests.staff.conftest import PASSWORD
from tests.standins.postgres import database

COUNT = """
import json
from datetime import date
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from staff.answers.queries import asked, newest
from staff.overview.periods import Period
from staff.overview.queries import WITHOUT_SAMPLES, figures, urgent_first
from tests.staff.rows import conversation, turn

midnight = 1773100800.0  # of 10 March 2026 in UTC
conversation("web:a", started=midnight, urgent=True)
conversation("web:s", started=midnight, sample=True)
turn("web:a", time=midnight, kind="answer", answers=["cost"], feedback=1, milliseconds=50.0)
turn("web:a", time=midnight + 86399.9, kind="fallback", milliseconds=70.0)
turn("web:a", time=midnight + 86400, kind="emergency", urgent=True)
turn("web:s", time=midnight, kind="did_you_mean", answers=["cost"], outcome="chosen")
day = Period(date(2026, 3, 10), date(2026, 3, 11))
told = {}
for name, only in (("all", ""), ("real", WITHOUT_SAMPLES)):
    whole, parts = figures(day, only)
    told[name] = [whole.counts["messages"], whole.counts["conversations"], whole.times.p95,
                  [part.counts["messages"] for _, part in parts], whole.counts["chosen"]]
    cost = asked(day.start, day.end, only)[0]["cost"]
    told[name] += [cost.shown, cost.proposed, cost.helpful]
told["urgent"] = urgent_first(True)[1]
told["newest"] = len(newest("cost", day.start, day.end))
print(json.dumps(told))
"""


def test_on_postgresql(postgres_server: str) -> None:
    with database(postgres_server) as url:
        done = subprocess.run(
            [sys.executable, "-c", COUNT],
            cwd=ROOT,
            env={
                **os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "staff.settings", "STAFF_PASSWORD": PASSWORD,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "all": [4, 2, 70.0, [3, 1], 1, 1, 1, 1],
        "real": [3, 1, 70.0, [2, 1], 0, 1, 0, 1],
        "urgent": 1,
        "newest": 1,
    }
