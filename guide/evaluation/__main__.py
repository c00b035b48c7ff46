"""`make evaluate`: train if needed, run the held-out sets, print one table, write it as JSON.

`--questions DIR` takes another set of questions (see tests/questions), `--show SET` lists the
messages of a set that went wrong: for development sets, never for the held-out one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from guide.content.held_out import FILE
from guide.settings import data_folder, prepare_environment, questions_folder, quiet_rasa
from guide.without_tensorflow import leave_out


def main() -> int:
    """Exit code 0 when the evaluation ran, whatever its figures."""
    prepare_environment()
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(prog="make evaluate")
    parser.add_argument("--questions", type=Path, default=questions_folder())
    parser.add_argument("--show", default="")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    options = parser.parse_args()
    from guide.train import main as train

    leave_out()
    quiet_rasa()
    if train() != 0:
        return 1
    from guide.evaluation.report import table, write_json, write_readme

    figures = asyncio.run(_figures(options.questions, options.show))
    print(table(figures))
    write_json(figures)
    if options.readme:
        write_readme(figures)
    return 0


async def _figures(folder: Path, show: str) -> dict[str, Any]:
    from guide.evaluation.agent import running_guide
    from guide.evaluation.personal import FILE as PERSONAL
    from guide.evaluation.personal import run_personal
    from guide.evaluation.questions import read_dialogues, read_questions, with_staffs
    from guide.evaluation.run import Judged, Played, run_dialogues, run_questions

    sets = read_questions(folder)
    if folder == questions_folder():  # other sets are for tuning, where staff's stay unseen
        sets = with_staffs(sets, data_folder() / FILE)

    def judged(one: Judged) -> None:
        if one.number % 100 == 0:
            told = f"\r{one.set} {one.number}/{len(sets[one.set])}   "
            print(told, end="", file=sys.stderr, flush=True)
        if show == one.set and one.verdict != "right":
            reply, question = one.reply, one.question
            shown = [one.verdict, question.text, question.accept, reply["kind"], reply["answers"]]
            print(json.dumps(shown))

    def played(one: Played) -> None:
        if show == "dialogues" and one.failed:
            print(json.dumps([one.dialogue.name, one.failed]))

    async with running_guide() as guide:
        figures = await run_questions(guide, sets, judged)
        print("\r", end="", file=sys.stderr)
        if (folder / "dialogues.yml").exists():
            dialogues = read_dialogues(folder / "dialogues.yml")
            figures |= await run_dialogues(guide, dialogues, played)
    if (folder / PERSONAL).exists():
        figures |= run_personal(folder / PERSONAL, show == "personal")
    return figures


if __name__ == "__main__":
    sys.exit(main())
