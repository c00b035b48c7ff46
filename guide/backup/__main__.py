"""`make backup`, `make restore`: python -m guide.backup save|restore FILE.tar.gz"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from guide.backup.archive import BackupError
from guide.backup.restore import check_stopped, restore
from guide.backup.save import save
from guide.settings import SettingError, prepare_environment, read_dotenv


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0 when it is done; every failure is one sentence."""
    arguments = _arguments(given)
    read_dotenv()
    try:
        prepare_environment()
        if arguments.verb == "save":
            _save(arguments.file)
        else:
            if not arguments.force:
                check_stopped()
            made = restore(arguments.file, arguments.yes)["made"]
            print(f"The guide is as it was at {made}. What was erased after that is back too.")
    except (BackupError, SettingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m guide.backup", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("save", help="write FILE").add_argument("file", type=Path)
    back = verbs.add_parser("restore", help="put FILE back")
    back.add_argument("file", type=Path)
    back.add_argument("--yes", action="store_true", help="replace what is there")
    back.add_argument("--force", action="store_true", help="also while the guide runs")
    return parser.parse_args(given)


def _save(target: Path) -> None:
    about = save(target)
    size = target.stat().st_size / 1e6
    print(f"{target}: {size:.1f} MB, content {about['content']}, {', '.join(about['models'])}")
    print("It holds conversations and staff's accounts: keep it as safe as the database.")
    if about["secret"]:
        print("It holds the secret that signs sessions too.")


if __name__ == "__main__":
    sys.exit(main())
