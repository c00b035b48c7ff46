"""The page of the export, and the file itself, which is told to the audit as it begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from staff.accounts.roles import MANAGER, needs
from staff.audit.models import record
from staff.conversations import export as export_file
from staff.conversations.export import MAX_ROWS, Record
from staff.conversations.filters import FilterForm, Filters
from staff.conversations.views import asked

FORMATS = {
    "csv": ("text/csv; charset=utf-8", export_file.as_csv),
    "jsonl": ("application/x-ndjson; charset=utf-8", export_file.as_jsonl),
}


@needs(MANAGER)
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What would be exported; then the file."""
    form = FilterForm(request.GET)
    query = asked(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('conversations')}?{query}")
    filters = form.filters(request.user)
    name = request.POST.get("format", "")
    if request.method == "POST" and name in FORMATS:
        return _file(request.user, filters, name)
    count = export_file.number(filters)
    shown = {
        "filters": [
            (form.fields[key].label, _shown(form, key)) for key in form.fields if form.data.get(key)
        ],
        "count": min(count, MAX_ROWS),
        "more": count > MAX_ROWS,
        "formats": list(FORMATS),
        "query": query,
    }
    return render(request, "conversations/export.html", shown)


def _shown(form: FilterForm, key: str) -> str:
    """A field's value in the words of its list."""
    value = str(form.data[key])
    options = getattr(form.fields[key].widget, "choices", ())
    return str(dict(options).get(value, value))


def _file(user: Any, filters: Filters, name: str) -> StreamingHttpResponse:
    kind, write = FORMATS[name]
    rows = _Counted(user, filters, name)
    lines = write(iter(rows), export_file.head(filters.told()), rows.tail)
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="messages-{localdate()}.{name}"'
    return response


class _Counted:
    """The messages of an export, counted; the audit learns of it also when it breaks off."""

    def __init__(self, user: Any, filters: Filters, name: str) -> None:
        self._user = user
        self._filters = filters
        self._rows = 0
        # What was typed to look for is not told.
        told = {**filters.told(), "text": True} if filters.text else filters.told()
        self._about: dict[str, Any] = {"format": name, "filters": told}
        record(user, "began an export", **self._about)

    def __iter__(self) -> Iterator[Record]:
        whole = False
        try:
            for found in export_file.records(self._filters):
                self._rows += 1
                yield found
            whole = True
        finally:
            record(self._user, "exported", rows=self._rows, whole=whole, **self._about)

    def tail(self) -> str:
        """The last line."""
        more = self._rows >= MAX_ROWS and export_file.number(self._filters) > MAX_ROWS
        return export_file.tail(self._rows, more)
