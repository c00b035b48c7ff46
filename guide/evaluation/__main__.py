"""`make evaluate`: train if needed, run the held-out sets, print one table, write it as JSON.

`--questions DIR` takes another set of questions (see tests/questions), `--show SET` lists the
messages of a set that went wrong: for development sets, never for the held-out one.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

from guide.settings import ROOT, prepare_environment, quiet_rasa


def main() -> int:
    """Exit code 0 when the evaluation ran, whatever its figures."""
    prepare_environment()
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(prog="make evaluate")
    parser.add_argument("--questions", type=Path, default=ROOT / "tests" / "questions")
    parser.add_argument("--show", default="")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    options = parser.parse_args()
    from guide.train import main as train

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
    from guide.evaluation.agent import action_server, free_port, local_guide
    from guide.evaluation.personal import FILE as PERSONAL
    from guide.evaluation.personal import run_personal
    from guide.evaluation.run import run_dialogues, run_questions
    from guide.train import model_path

    port = free_port()
    # The registry is out of reach on purpose: figures must not depend on it.
    with action_server(port, CTGOV_API_URL=f"http://127.0.0.1:{free_port()}"):
        guide = await local_guide(model_path(), port)
        figures = await run_questions(guide, folder, show)
        if (folder / "dialogues.yml").exists():
            figures |= await run_dialogues(guide, folder / "dialogues.yml", show == "dialogues")
    if (folder / PERSONAL).exists():
        figures |= run_personal(folder / PERSONAL, show == "personal")
    return figures


if __name__ == "__main__":
    sys.exit(main())
