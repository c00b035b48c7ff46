"""The patients' journeys on the stand-in of the web API."""

from tests.browser.journeys import *  # noqa: F403
