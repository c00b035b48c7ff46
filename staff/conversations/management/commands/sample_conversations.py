"""`python -m staff.manage sample_conversations`: made-up conversations to show the site with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.content import ContentError
from guide.store.removed import Removed
from guide.store.tables import make_tables
from staff.audit.models import record
from staff.conversations.samples.write import SamplesThereError, make, remove
from staff.records.engine import guide_engine


class Command(BaseCommand):
    """Makes them, or removes them and nothing else."""

    help = "Makes sample conversations, marked as such on every page; --remove removes them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, over how many days."""
        parser.add_argument("--conversations", type=int, default=3000)
        parser.add_argument("--days", type=int, default=120)
        parser.add_argument("--seed", type=int, default=1, help="another one makes others")
        parser.add_argument("--remove", action="store_true", help="removes all samples")

    def handle(self, *_: Any, **options: Any) -> None:
        """Tells how far it is, and what was done."""
        if options["remove"]:
            self._remove()
            return
        if options["conversations"] < 1 or options["days"] < 1:
            raise CommandError("--conversations and --days must be 1 or more")
        make_tables(guide_engine())
        made = 0
        try:
            for made in make(
                guide_engine(), options["conversations"], options["days"], options["seed"]
            ):
                self._progress(f"{made} of {options['conversations']} conversations")
        except SamplesThereError:
            raise CommandError(
                "these samples are there: --remove removes them, another --seed makes others"
            ) from None
        except ContentError as error:
            raise CommandError(str(error)) from None
        record(None, "made samples", conversations=made)
        self.stdout.write(f"Made {made} sample conversations.")

    def _remove(self) -> None:
        removed = Removed()
        for removed in remove(guide_engine()):
            self._progress(f"{removed.conversations} conversations removed")
        record(None, "removed samples", conversations=removed.conversations)
        self.stdout.write(
            f"Removed {removed.conversations} sample conversations, {removed.turns} messages."
        )

    def _progress(self, text: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{text}", ending="")
