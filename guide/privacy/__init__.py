"""What counts as personal, and its removal. Imports nothing of Rasa and nothing else of ours."""

from guide.privacy.files import Fault, PrivacyError
from guide.privacy.loader import load_rules
from guide.privacy.remover import Remover, remover
from guide.privacy.spans import Detail, merged, repeats, replaced

__all__ = [
    "Detail",
    "Fault",
    "PrivacyError",
    "Remover",
    "load_rules",
    "merged",
    "remover",
    "repeats",
    "replaced",
]
