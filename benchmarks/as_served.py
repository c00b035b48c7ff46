"""What `python -m guide.serve` sets, for a process that measures the guide in itself."""

from __future__ import annotations

import os

from threadpoolctl import threadpool_limits

from guide.without_tensorflow import leave_out


def before_rasa() -> None:
    """To be called before anything of Rasa is imported."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    leave_out()


def after_rasa() -> None:
    """To be called once the model is loaded, and all libraries with it."""
    from guide.channels.turns import shared_turns

    threadpool_limits(1)  # from now on
    shared_turns()  # mends what Rasa does badly
