"""Django's commands for the staff site: `python -m staff.manage <command>`."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from guide.settings import SettingError


def main() -> None:
    """Run one command. A setting that cannot work is one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staff.settings")
    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
