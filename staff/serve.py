"""The staff site's server: tables made, then gunicorn. Settings by environment."""

from __future__ import annotations

import os
import sys

from guide.ports import check_free, check_reach
from guide.settings import ROOT, SettingError, bracketed, host, port, read_dotenv

THREADS = 8
PATIENCE_SECONDS = 60  # for one page
GRACE_SECONDS = 20  # for pages under way when it is told to end


def main() -> int:
    """Becomes gunicorn; what keeps it from that is one sentence."""
    read_dotenv()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staff.settings")
    try:
        check_reach("STAFF_PORT", "STAFF_HTTPS")
        check_free("STAFF_PORT")
        prepare()
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments()])  # noqa: S606


def prepare() -> None:
    """Makes the tables and drops what has run out.

    Raises:
        SettingError: the database is away, or a setting is wrong.
    """
    import django
    from django.core.management import call_command
    from django.db import DatabaseError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("clearsessions")
    except (DatabaseError, SQLAlchemyError) as error:
        raise SettingError(
            f"the staff site's tables cannot be made ({type(error).__name__}): is the database of "
            "DATABASE_URL there, and may its user make tables?"
        ) from None


def arguments() -> list[str]:
    """gunicorn's: no access log, for addresses say what staff look for."""
    return [
        "staff.wsgi", "--bind", f"{bracketed(host('STAFF_PORT'))}:{port('STAFF_PORT')}",
        "--worker-class", "gthread", "--threads", str(THREADS),
        "--timeout", str(PATIENCE_SECONDS), "--graceful-timeout", str(GRACE_SECONDS),
        "--log-level", "warning", "--logger-class", "staff.logs.ServerLog", "--no-control-socket",
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
