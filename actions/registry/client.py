"""A small client of ClinicalTrials.gov's API v2 over `requests`.

`requests` with an honest User-Agent, because the registry's edge answers 403 to some other Python
clients and to programs that pose as browsers. Nothing a patient wrote is ever part of a request:
the query is fixed, and places and distances are dealt with on our side.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import date, datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

import requests
import urllib3

DEFAULT_URL = "https://clinicaltrials.gov/api/v2"
# Modules and pieces as the API's `fields` parameter names them.
FIELDS = (
    "NCTId|BriefTitle|OfficialTitle|OverallStatus|LastUpdatePostDate|StudyType|Phase|BriefSummary"
    "|ConditionsModule|ArmsInterventionsModule|MinimumAge|MaximumAge|StdAge|ContactsLocationsModule"
)
CONNECT_S = 1.0
READ_S = 2.0  # the longest silence of the server
BUDGET_S = 20.0  # all pages together; patients wait much less, see cache.PATIENT_WAIT_S
MAX_PAGES = 20
CHUNK_BYTES = 65_536
MAX_BYTES = 50_000_000  # a page of 200 studies is about 2 MB

Record = dict[str, Any]


class RegistryError(Exception):
    """The registry gave no usable answer; `outcome` is what the log says."""

    outcome: ClassVar[str] = "error"
    retry_after_s: float = 0.0


class Forbidden(RegistryError):
    """403: the registry's edge refuses this client."""

    outcome = "forbidden"


class RateLimited(RegistryError):
    """429: too many requests; `retry_after_s` is what the registry asks for, in seconds."""

    outcome = "rate_limited"

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"retry after {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


class BadRequest(RegistryError):
    """Another 4xx: the query in data/trials.yml is wrong, or the API changed."""

    outcome = "bad_request"


class ServerError(RegistryError):
    """5xx, also with Retry-After."""

    outcome = "server_error"

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"retry after {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


class TimedOut(RegistryError):
    """The registry was silent or slow for too long."""

    outcome = "timed_out"


class Unreachable(RegistryError):
    """No connection, or it broke."""

    outcome = "unreachable"


class NotJson(RegistryError):
    """200 with something else, such as the HTML of a maintenance page."""

    outcome = "not_json"


class Malformed(RegistryError):
    """JSON that is cut short or not of the documented shape."""

    outcome = "malformed"


@dataclass(frozen=True)
class Fetched:
    """One complete list: study records as the API gives them, and the date of its data."""

    records: list[Record]
    data_date: date | None


class RegistryClient:
    """Fetches lists of studies; one instance may be used from any thread."""

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        contact: str = "",
        *,
        read_s: float = READ_S,
        budget_s: float = BUDGET_S,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._agent = f"CAR-T-Guide/1.0 (patient information{f'; {contact}' if contact else ''})"
        self._read_s = read_s
        self._budget_s = budget_s

    def fetch(self, query: str, page_size: int) -> Fetched:
        """All recruiting studies that match `query`, over all pages.

        Args:
            query: an Essie expression for `query.term`.
            page_size: studies a page, up to 1,000.

        Raises:
            RegistryError: a subclass for each way in which it can fail.
        """
        deadline = time.monotonic() + self._budget_s
        parameters: dict[str, str] = {
            "query.term": query,
            "filter.overallStatus": "RECRUITING",
            "fields": FIELDS,
            "pageSize": str(page_size),
        }
        records: list[Record] = []
        seen: set[str] = set()
        with requests.Session() as session:
            session.headers.update({"User-Agent": self._agent, "Accept": "application/json"})
            while True:
                page = self._get(session, "/studies", parameters, deadline)
                records.extend(_studies(page))
                token = page.get("nextPageToken")
                if not token:
                    break
                if not isinstance(token, str) or token in seen or len(seen) >= MAX_PAGES:
                    raise Malformed("pages without end")
                seen.add(token)
                parameters["pageToken"] = token
            return Fetched(records, self._data_date(session, deadline))

    def _data_date(self, session: requests.Session, deadline: float) -> date | None:
        """The day the registry's data were published; worth asking, not worth failing."""
        try:
            stamp = self._get(session, "/version", {}, deadline).get("dataTimestamp")
            return date.fromisoformat(str(stamp)[:10])
        except (RegistryError, ValueError):
            return None

    def _get(
        self, session: requests.Session, path: str, parameters: dict[str, str], deadline: float
    ) -> dict[str, Any]:
        try:
            with session.get(
                self._base_url + path,
                params=parameters,
                timeout=(CONNECT_S, self._read_s),
                stream=True,
            ) as response:
                _refuse_failure(response)
                body = _read(response, deadline)
        except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
            raise TimedOut(type(error).__name__) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Unreachable(type(error).__name__) from None
        try:
            page = json.loads(body)
        except ValueError:
            raise Malformed("not complete JSON") from None
        if not isinstance(page, dict):
            raise Malformed("not an object")
        return page


def _refuse_failure(response: requests.Response) -> None:
    status = response.status_code
    if status == 403:
        raise Forbidden(str(status))
    if status == 429:
        raise RateLimited(_retry_after(response))
    if status >= 500:
        raise ServerError(_retry_after(response))
    if status != 200:
        raise BadRequest(str(status))
    if "json" not in response.headers.get("Content-Type", "").lower():
        raise NotJson("unexpected content type")


def _retry_after(response: requests.Response) -> float:
    """Seconds from a Retry-After header, which may also be a date (RFC 9110, 10.2.3)."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - datetime.now(timezone.utc)).total_seconds())


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body, within the deadline even if it drips in: `iter_content` waits for full chunks."""
    body = bytearray()
    while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
        body += chunk
        if time.monotonic() > deadline:
            raise TimedOut("too slow as a whole")
        if len(body) > MAX_BYTES:
            raise Malformed("too long")
    return bytes(body)


def _studies(page: dict[str, Any]) -> list[Record]:
    studies = page.get("studies")
    if not isinstance(studies, list):
        raise Malformed("no list of studies")
    return [study for study in studies if isinstance(study, dict)]
