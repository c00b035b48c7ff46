"""The site on PostgreSQL: its tables, its guard over the audit, its figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from guide.settings import ROOT
from tests.staff.conftest import PASSWORD
from tests.standins.postgres import database

SITE = """
import json
import django
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from staff.audit.models import Entry

for _ in range(2):  # the second finds all of it made
    call_command("migrate", verbosity=0)
call_command("staff_user", "anna")
client = Client(headers={"host": "127.0.0.1"})
typed = {"username": "anna", "password": "a long enough pass phrase"}
told = {"signed in": client.post("/account/log-in/", typed).status_code}
for path in ("/", "/audit/", "/audit/?action=signed+in&person=anna&after=9999999999999999.9",
             "/health/", "/account/users/"):
    page = client.get(path)
    told[path] = page.status_code
told["size"] = "PostgreSQL" in client.get("/health/").content.decode()
deeds = "UPDATE audit_entry SET action = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry"
for sql in deeds:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        told[sql.split()[0]] = "not editable" in str(error)
told["entries"] = list(Entry.objects.order_by("id").values_list("action", flat=True))
print(json.dumps(told))
"""


@pytest.mark.usefixtures("site")
def test_on_postgresql(postgres_server: str) -> None:
    with database(postgres_server) as url:
        done = subprocess.run(
            [sys.executable, "-c", SITE],
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
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "signed in": 302, "/": 200, "/audit/": 200, "/health/": 200, "/account/users/": 200,
        "/audit/?action=signed+in&person=anna&after=9999999999999999.9": 200, "size": True,
        "UPDATE": True, "DELETE": True, "TRUNCATE": True, "entries": ["account made", "signed in"],
    }  # fmt: skip
