"""Rasa without TensorFlow in the tests' own processes, too, as in the servers they test.

GUIDE_TENSORFLOW=1 runs the same tests with it.
"""

from __future__ import annotations

from guide.without_tensorflow import leave_out

leave_out()
