"""Bring the content of this image to the volume, and keep what staff changed.

    python -m deploy.take          what would change
    python -m deploy.take --yes    train it, and go live

A file that staff can change (an answer, their sentences) is taken only where nobody changed it
since the volume took it from an image; all others are the program's and always taken. Servers
start on it one after the other, and Undo on the staff site brings the former content back.
"""

from __future__ import annotations

import argparse
import shutil
import sys

from deploy.start import IMAGE, fill, hashes, note_image, noted
from guide.learn import children
from guide.learn.candidate import for_staff
from guide.learn.lock import only_one
from guide.learn.places import read, read_json, work_folder, write
from guide.learn.switch import replace, settle
from guide.learn.words import Refused
from guide.settings import data_folder, models_folder, prepare_environment
from guide.train import fingerprint


def main() -> int:
    """Exit code 0 when it is done or shown, 1 when it cannot be done and why is said."""
    parser = argparse.ArgumentParser(prog="python -m deploy.take")
    parser.add_argument("--yes", action="store_true", help="do it")
    sure = parser.parse_args().yes
    prepare_environment()
    try:
        fill()
        settle()
        with only_one("live", ""):
            wanted, kept = plan()
            for name in kept:
                print(f"kept, for staff changed it: {name}")
            for name in wanted:
                print(f"to take: {name}")
            if sure and wanted:
                print("Training, unless a model of it is there (a few minutes) ...", flush=True)
                print(f"live: {take(wanted)}")
    except (OSError, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def plan() -> tuple[dict[str, bytes | None], list[str]]:
    """({name: its bytes in the image, None where it has none}, names that staff changed)."""
    image, live = hashes(IMAGE / "data"), hashes(data_folder())
    before = read_json(noted()) or {}
    wanted: dict[str, bytes | None] = {}
    kept = []
    for name in sorted(image.keys() | live.keys()):
        if image.get(name) == live.get(name):
            continue
        if for_staff(name) and live.get(name) != before.get(name):
            kept.append(name)
        else:
            wanted[name] = read(IMAGE / "data" / name)
    return wanted, kept


def take(files: dict[str, bytes | None]) -> str:
    """The release that is live then. A Refused tells why the content cannot be trained."""
    with work_folder() as work:
        data = work / "data"
        shutil.copytree(data_folder(), data)
        for name, content in files.items():
            write(data / name, content)
        release = fingerprint(data)
        children.train(data, models_folder(), lambda done, total: None)
    about = {"kind": "live", "from": fingerprint(), "to": release, "by": "", "reason": ""}
    replace(about, files)
    note_image()
    return release


if __name__ == "__main__":
    sys.exit(main())
