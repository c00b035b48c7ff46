"""The site with views that fail with a patient's words in hand."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from guide.store.database import engine_of
from staff.urls import handler400, handler403, handler404, handler500
from staff.urls import urlpatterns as standing

WORDS = "Jane Roe has chest pain"
__all__ = ["handler400", "handler403", "handler404", "handler500"]


def plainly(request: HttpRequest, text: str = "") -> HttpResponse:
    """An error that quotes."""
    try:
        raise KeyError(WORDS)
    except KeyError as error:
        raise ValueError(f"cannot read {WORDS} {text} {request.POST}") from error


def by_sql(request: HttpRequest) -> HttpResponse:
    """A statement with values that cannot run."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO notes (text, nothing) VALUES (%s, 1)", [WORDS])
    raise AssertionError


def by_the_guides_sql(request: HttpRequest) -> HttpResponse:
    """The same through the guide's own engine."""
    with engine_of("sqlite://").begin() as other:
        other.execute(sa.text("INSERT INTO notes (text) VALUES (:text)"), {"text": WORDS})
    raise AssertionError


def away(request: HttpRequest) -> HttpResponse:
    """What a driver says when there is no database."""
    raise OperationalError(f'connection to "db.example" failed for {WORDS}')


def quoting(request: HttpRequest) -> HttpResponse:
    """A library that logs what it reads."""
    logging.getLogger("urllib3.connection").warning("cannot send %s", WORDS)
    logging.getLogger("some.library").error(f"cannot parse {WORDS}", exc_info=ValueError(WORDS))
    return HttpResponse("done")


def refused(request: HttpRequest) -> HttpResponse:
    """Something suspicious."""
    raise SuspiciousOperation(WORDS)


def gone(request: HttpRequest) -> HttpResponse:
    """An address that carries words."""
    raise Http404(WORDS)


urlpatterns = [
    *standing,
    path("failing/plainly/<str:text>/", plainly),
    path("failing/sql/", by_sql),
    path("failing/guide/", by_the_guides_sql),
    path("failing/away/", away),
    path("failing/quoting/", quoting),
    path("failing/refused/", refused),
    path("failing/gone/", gone),
]
