"""The urgent screen: finds danger in a message before anything else looks at it.

A pure function over patterns kept as data (`data/safety`). It imports nothing of the project
and needs neither model nor network, so that "chest pain" is recognised whatever else hangs.
"""

from guide.safety.loader import PATTERNS, Fault, PatternError, load_patterns
from guide.safety.patterns import Patterns
from guide.safety.screen import Urgent, screen

__all__ = ["PATTERNS", "Fault", "PatternError", "Patterns", "Urgent", "load_patterns", "screen"]
