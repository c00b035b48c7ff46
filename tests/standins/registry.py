"""A local stand-in of ClinicalTrials.gov's API v2: /studies, /studies/{id} and /version.

    python -m tests.standins.registry --port 8099 [--snapshot] [--mode forbidden]

While it runs, `POST /_mode/<mode>` makes it misbehave: see MODES. In tests, use `Registry` as a
context manager and set `registry.mode`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.essie import QueryError, compile_query
from tests.standins.samples import STATUSES, Record, sample_studies, snapshot_studies

MODES = (
    "ok",
    "forbidden",  # 403
    "rate_limited",  # 429 with Retry-After
    "server_error",  # 500
    "slow",  # answers after `delay_s`
    "hang",  # never answers
    "drip",  # sends the body byte by byte
    "html",  # 200 with a maintenance page
    "truncated",  # JSON cut short
    "packed",  # little that unpacks to 64 MB
    "wrong_shape",  # JSON of another shape
    "bare",  # studies with hardly a module
    "empty_page",  # an empty page in the middle
    "endless",  # the same page token for ever
)
DATA_TIMESTAMP = "2026-08-21T09:00:05"
# The pieces and modules that may be asked for in `fields`, below protocolSection.
PIECES = {
    "NCTId": "identificationModule.nctId",
    "BriefTitle": "identificationModule.briefTitle",
    "OfficialTitle": "identificationModule.officialTitle",
    "OverallStatus": "statusModule.overallStatus",
    "LastUpdatePostDate": "statusModule.lastUpdatePostDateStruct.date",
    "StudyType": "designModule.studyType",
    "Phase": "designModule.phases",
    "BriefSummary": "descriptionModule.briefSummary",
    "ConditionsModule": "conditionsModule",
    "ArmsInterventionsModule": "armsInterventionsModule",
    "MinimumAge": "eligibilityModule.minimumAge",
    "MaximumAge": "eligibilityModule.maximumAge",
    "StdAge": "eligibilityModule.stdAges",
    "ContactsLocationsModule": "contactsLocationsModule",
}


class BadRequestError(ValueError):
    """The text/plain message of a 400."""


class Registry:
    """The running stand-in. Keeps every request's path and query in `requests`."""

    def __init__(self, studies: Sequence[Record] | None = None, port: int = 0) -> None:
        """Serves `studies`, or the samples, on a free port of loopback unless one is given."""
        self.studies = list(sample_studies() if studies is None else studies)
        self.mode = "ok"
        self.delay_s = 0.5
        self.retry_after = "120"
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.agents: list[str] = []
        self.stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False

    @property
    def url(self) -> str:
        """The base URL for CTGOV_API_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/v2"

    def serve(self) -> None:
        """Serves until stopped."""
        self._server.serve_forever(poll_interval=0.02)

    def __enter__(self) -> Registry:
        """Starts serving in a thread."""
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops, and lets go of whoever hangs."""
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()


def search(studies: Sequence[Record], query: dict[str, str]) -> dict[str, Any]:
    """The body of GET /studies.

    Raises:
        BadRequestError: with the registry's own message.
    """
    found = [one for one in studies if _matches(one, query)]
    size = min(int(query.get("pageSize") or 0) or 10, 1000)
    token = query.get("pageToken", "")
    start = int(token.removeprefix("page")) if token else 0
    body: dict[str, Any] = {}
    if query.get("countTotal") == "true" and not token:
        body["totalCount"] = len(found)
    fields = query.get("fields", "")
    body["studies"] = [_project(one, fields) for one in found[start : start + size]]
    if start + size < len(found):
        body["nextPageToken"] = f"page{start + size}"
    return body


def _matches(study: Record, query: dict[str, str]) -> bool:
    wanted = [
        one for one in query.get("filter.overallStatus", "").replace("|", ",").split(",") if one
    ]
    for status in wanted:
        if status not in STATUSES:
            raise BadRequestError(f"Invalid value in parameter `overallStatus`: `{status}`")
    text = json.dumps(study, ensure_ascii=False).lower()
    for name, label in (("query.term", "Other terms"), ("query.cond", "Conditions or disease")):
        try:
            matches = not query.get(name) or compile_query(query[name])(text)
        except QueryError as error:
            raise BadRequestError(f"Error parsing query in {label}: {error}") from None
        if not matches:
            return False
    status = study["protocolSection"].get("statusModule", {}).get("overallStatus")
    return not wanted or status in wanted


def _project(study: Record, fields: str) -> Record:
    """The study with the fields asked for only."""
    if not fields:
        return study
    result: Record = {}
    for field in fields.replace("|", ",").split(","):
        if field not in PIECES:
            raise BadRequestError(f"Parameter 'fields' contains invalid field name: '{field}'")
        _copy(study["protocolSection"], result, PIECES[field].split("."))
    return {"protocolSection": result}


def _copy(source: dict[str, Any], target: dict[str, Any], path: list[str]) -> None:
    first, *rest = path
    if first not in source:
        return
    if rest:
        _copy(source[first], target.setdefault(first, {}), rest)
    else:
        target[first] = source[first]


def _handler(registry: Registry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Routes one request; the registry's mode decides how badly."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(address.query).items()}
            registry.requests.append((address.path, query))
            registry.agents.append(self.headers.get("User-Agent", ""))
            if registry.mode == "hang" and registry.stopped.wait(60):
                return
            if registry.mode == "slow":
                registry.stopped.wait(registry.delay_s)
            if not self._misbehave():
                self._route(address.path.removeprefix("/api/v2"), query)

        def do_POST(self) -> None:
            mode = self.path.removeprefix("/_mode/")
            if mode not in MODES:
                return self._send(404, "text/plain", b"Unknown mode")
            registry.mode = mode
            return self._send(204, "text/plain", b"")

        def _misbehave(self) -> bool:
            mode = registry.mode
            if mode == "forbidden":
                self._send(403, "text/html", b"<html>Request blocked.</html>")
            elif mode == "rate_limited":
                self._send(429, "text/plain", b"", {"Retry-After": registry.retry_after})
            elif mode == "server_error":
                self._send(500, "text/plain", b"Internal Server Error")
            elif mode == "html":
                self._send(200, "text/html", b"<html>Down for maintenance</html>")
            elif mode == "truncated":
                self._send(200, "application/json", b'{"studies": [{"protocolSection"')
            elif mode == "packed":
                packed = gzip.compress(b" " * 64_000_000)
                self._send(200, "application/json", packed, {"Content-Encoding": "gzip"})
            elif mode == "wrong_shape":
                self._send(200, "application/json", b'{"studies": null}')
            else:
                return False
            return True

        def _route(self, path: str, query: dict[str, str]) -> None:
            try:
                if path == "/version":
                    version = {"apiVersion": "2.0.5", "dataTimestamp": DATA_TIMESTAMP}
                    self._json(version)
                elif path == "/studies":
                    self._json(self._page(query))
                else:
                    self._single(path.removeprefix("/studies/"), query)
            except BadRequestError as error:
                self._send(400, "text/plain", str(error).encode())

        def _page(self, query: dict[str, str]) -> dict[str, Any]:
            if registry.mode == "endless":
                return {"studies": [], "nextPageToken": "page10"}
            if registry.mode == "empty_page":
                empty = query.get("pageToken") == "page0"
                if not empty and "pageToken" not in query:
                    return {"studies": [], "nextPageToken": "page0"}
            body = search(registry.studies, query)
            if registry.mode == "bare":
                for one in body["studies"]:
                    kept = ("identificationModule", "statusModule", "conditionsModule")
                    protocol = one["protocolSection"]
                    one["protocolSection"] = {key: protocol[key] for key in kept if key in protocol}
            return body

        def _single(self, nct: str, query: dict[str, str]) -> None:
            for one in registry.studies:
                if one["protocolSection"]["identificationModule"]["nctId"] == nct.upper():
                    return self._json(_project(one, query.get("fields", "")))
            return self._send(404, "text/plain", f"NCT number {nct} not found".encode())

        def _json(self, body: Any) -> None:
            data = json.dumps(body).encode()
            zipped = "gzip" in self.headers.get("Accept-Encoding", "") and registry.mode == "ok"
            if not zipped:
                return self._send(200, "application/json", data)
            # The registry compresses, and sends in chunks of unknown number.
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            packed = gzip.compress(data)
            for start in range(0, len(packed), 700):
                part = packed[start : start + 700]
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return None

        def _send(
            self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            step = 1 if registry.mode == "drip" else len(body) or 1
            for start in range(0, len(body), step):
                if step == 1 and registry.stopped.wait(0.05):
                    return
                try:
                    self.wfile.write(body[start : start + step])
                except OSError:
                    return  # the client had enough

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the tests read `requests`."""

    return Handler


def main() -> None:
    """Serves until interrupted."""
    parser = argparse.ArgumentParser(description="Stand-in of ClinicalTrials.gov's API v2")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--snapshot", action="store_true", help="serve ../shared/data if present")
    parser.add_argument("--mode", choices=MODES, default="ok")
    options = parser.parse_args()
    registry = Registry(snapshot_studies() if options.snapshot else None, options.port)
    registry.mode = options.mode
    print(f"CTGOV_API_URL={registry.url}", flush=True)
    try:
        registry.serve()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
