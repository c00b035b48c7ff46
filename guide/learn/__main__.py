"""`python -m guide.learn try|live|undo|status|labels`: for the staff site and for a checkout.

Exit code 0 when it was done, 1 when it was not and why is said, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from types import FrameType

import sqlalchemy as sa

from guide.learn import labels, release, trying
from guide.learn.lock import only_one
from guide.learn.places import draft
from guide.learn.switch import settle
from guide.learn.told import table
from guide.learn.words import Refused, say
from guide.settings import data_folder, prepare_environment, read_dotenv
from guide.store.database import database_url, engine_of

Options = argparse.Namespace


def main() -> int:
    """The exit code (see above)."""
    read_dotenv()
    options = _options()
    prepare_environment()
    signal.signal(signal.SIGTERM, _stop)
    settle()
    try:
        return COMMANDS[options.command](options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1


def _stop(number: int, frame: FrameType | None) -> None:
    """So that what runs beside is ended and the progress says so."""
    sys.exit(128 + number)


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m guide.learn")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        command = commands.add_parser(name)
        if name in {"try", "live", "undo", "labels"}:
            command.add_argument("--by", default="", help="who wants it, for whoever comes second")
        if name == "live":
            command.add_argument("--overrule", default="", metavar="REASON")
        if name == "status":
            command.add_argument("--json", action="store_true")
    return parser.parse_args()


def _try(options: Options) -> int:
    with only_one("try", options.by):
        report = trying.attempt(options.by, _write_labels())
    print(table(report))
    return 0 if report["allowed"] else 1


def _live(options: Options) -> int:
    reason = options.overrule.strip()
    with only_one("live", options.by):
        gone = release.go_live(options.by, _cleaned(reason) if reason else "")
    print(say("went_live", release=gone))
    return 0


def _undo(options: Options) -> int:
    with only_one("undo", options.by):
        print(say("undone", release=release.go_back(options.by)))
    return 0


def _status(options: Options) -> int:
    told = release.status()
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        for name, value in told.items():
            print(f"{name}: {json.dumps(value, ensure_ascii=False)[:200]}")
    return 0


def _labels(options: Options) -> int:
    with only_one("labels", options.by):
        examples, held_out = _write_labels()
    new = say("labels_new", examples=examples, held_out=held_out)
    print(new if examples or held_out else say("labels_none"))
    return 0


def _write_labels() -> tuple[int, int]:
    """The approved labels into the draft; how many sentences are new."""
    try:
        found = labels.approved(engine_of(database_url()), _cleaned)
    except sa.exc.SQLAlchemyError as error:
        raise Refused(say("no_labels", error=type(error).__name__)) from None
    return labels.write_draft(data_folder(), draft(), found)


def _cleaned(text: str) -> str:
    """Without personal details."""
    from guide.privacy import remover  # takes seconds, which `status` has not

    return remover().clean(text)


COMMANDS = {"try": _try, "live": _live, "undo": _undo, "status": _status, "labels": _labels}

if __name__ == "__main__":
    sys.exit(main())
