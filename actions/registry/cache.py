"""Keeps the registry's list of studies for some hours, in memory and in a file.

One fetch at a time, in a thread, shared by all who wait for it. Whoever finds an old list gets it
at once while a new one is fetched behind them. After a failure the registry is left in peace for a
minute, or for as long as it asks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from actions.registry.client import Fetched, Record, RegistryError
from actions.registry.studies import Study
from guide.metrics import registry as metrics

logger = logging.getLogger(__name__)

PATIENT_WAIT_S = 3.5  # below the 4 s that a patient may wait for the whole reply
RETRY_S = 60.0
LONGEST_RETRY_S = 86_400.0  # no server gets to silence us for more than a day
REFRESH_LIMIT_S = 30.0  # above the client's own budget: for bodies that drip in
_FORMAT = 1


@dataclass(frozen=True)
class Listing:
    """The list as it is now.

    `studies` is None when there has never been a list. `failing` is true when the last attempt to
    renew it failed, so that an old list can say so.
    """

    studies: tuple[Study, ...] | None
    data_date: date | None
    failing: bool


@dataclass(frozen=True)
class _Kept:
    studies: tuple[Study, ...]
    fetched_at: datetime
    data_date: date


class StudyCache:
    """Hands out the list of studies; all methods belong to one event loop."""

    def __init__(
        self,
        fetch: Callable[[], Fetched],
        read: Callable[[list[Record]], tuple[Study, ...]],
        file: Path,
        ttl: timedelta,
        *,
        wait_s: float = PATIENT_WAIT_S,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is read or fetched yet.

        Args:
            fetch: gets all records from the registry; runs in a thread, raises RegistryError.
            read: turns records into studies.
            file: where the last list is kept for a restart in an outage.
            ttl: the age from which a list is renewed.
            wait_s: how long a patient waits when there is no list at all.
            now: the time of day, with zone.
            monotonic: seconds that never jump.
        """
        self._fetch = fetch
        self._read = read
        self._file = file
        self._ttl = ttl
        self._wait_s = wait_s
        self._now = now
        self._monotonic = monotonic
        self._kept: _Kept | None = None
        self._loaded = False
        self._failing = False
        self._retry_at = 0.0
        self._refresh: asyncio.Task[None] | None = None

    async def listing(self) -> Listing:
        """The list: at once when there is one, else after at most `wait_s`."""
        self._load_once()
        if not self._is_fresh():
            refresh = self._start_refresh()
            if refresh and self._kept is None:
                await asyncio.wait({refresh}, timeout=self._wait_s)
        if self._kept is None:
            metrics.listed("none")
            return Listing(None, None, failing=True)
        metrics.listed("fresh" if self._is_fresh() else "old")
        return Listing(self._kept.studies, self._kept.data_date, self._failing)

    def _is_fresh(self) -> bool:
        if self._kept is None:
            return False
        return timedelta(0) <= self._now() - self._kept.fetched_at < self._ttl

    def _start_refresh(self) -> asyncio.Task[None] | None:
        """The refresh under way, a new one, or None while the registry is left in peace."""
        if self._refresh and not self._refresh.done():
            return self._refresh
        if self._monotonic() < self._retry_at:
            return None
        self._refresh = asyncio.create_task(self._renew())
        return self._refresh

    async def _renew(self) -> None:
        began = self._monotonic()
        try:
            fetched = await asyncio.wait_for(asyncio.to_thread(self._fetch), REFRESH_LIMIT_S)
            fetched_at = self._now()
            kept = self._keep(fetched.records, fetched_at, fetched.data_date or fetched_at.date())
        except RegistryError as error:
            self._note_failure(error.outcome, began, error.retry_after_s)
        except asyncio.TimeoutError:
            self._note_failure("timed_out", began)
        except Exception:
            # A fault of ours must not leave patients without a reply.
            logger.exception("trials: refresh broke")
            self._note_failure("unexpected", began)
        else:
            metrics.called("ok", self._monotonic() - began)
            self._kept, self._failing = kept, False
            logger.info("trials: refreshed: studies=%d", len(kept.studies))
            await asyncio.to_thread(self._save, fetched.records, kept)

    def _note_failure(self, outcome: str, began: float, retry_after_s: float = 0.0) -> None:
        metrics.called(outcome, self._monotonic() - began)
        wait_s = min(max(RETRY_S, retry_after_s), LONGEST_RETRY_S)
        self._retry_at = self._monotonic() + wait_s
        self._failing = True
        logger.warning("trials: refresh failed: outcome=%s retry_in_s=%.0f", outcome, wait_s)

    def _keep(self, records: list[Record], fetched_at: datetime, data_date: date) -> _Kept:
        kept = _Kept(self._read(records), fetched_at, data_date)
        metrics.fetched(fetched_at.timestamp())
        return kept

    def _save(self, records: list[Record], kept: _Kept) -> None:
        """Writes the file in one step, so that a crash leaves the old one or the new one."""
        data = {
            "format": _FORMAT,
            "fetched_at": kept.fetched_at.isoformat(),
            "data_date": kept.data_date.isoformat(),
            "studies": records,
        }
        temporary = ""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._file.parent, delete=False, encoding="utf-8"
            ) as handle:
                temporary = handle.name
                json.dump(data, handle)
            Path(temporary).replace(self._file)
        except OSError as error:
            logger.warning("trials: list not saved: type=%s", type(error).__name__)
            if temporary:
                Path(temporary).unlink(missing_ok=True)

    def _load_once(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        try:
            data: Any = json.loads(self._file.read_text(encoding="utf-8"))
            if data["format"] == _FORMAT:
                self._kept = self._keep(
                    data["studies"],
                    datetime.fromisoformat(data["fetched_at"]),
                    date.fromisoformat(data["data_date"]),
                )
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            logger.warning("trials: saved list not usable: type=%s", type(error).__name__)
