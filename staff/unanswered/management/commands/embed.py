"""`python -m staff.manage embed`: makes messages ready to be grouped, all that wait."""

from __future__ import annotations

import math
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.nlu.encoder import EncoderError
from staff.unanswered.meanings import embed
from staff.unanswered.queries import unanswered, waiting


class Command(BaseCommand):
    """Embeds what the page Unanswered would show."""

    help = "Makes unanswered messages ready to be grouped by meaning."

    def handle(self, *_: Any, **__: Any) -> None:
        """Prints how many there were."""
        try:
            # Each list has its own newest messages.
            done = sum(embed(waiting(unanswered(advice)), math.inf) for advice in (False, True))
        except EncoderError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{done} messages embedded")
