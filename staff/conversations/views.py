"""Conversations: the list, and one as its patient saw it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from staff.accounts.roles import READER, REVIEWER, needs
from staff.audit.models import record
from staff.conversations import paging, queries
from staff.conversations.filters import FilterForm, Filters
from staff.conversations.forms import NoteForm, ReviewForm, TagForm
from staff.conversations.paging import Place
from staff.conversations.transcript import last_start, part
from staff.records.models import Conversation, Turn
from staff.records.titles import titles
from staff.records.words import choices, say

PLACES = ("down", "up", "at", "turn")  # in addresses, beside the filters


@needs(READER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list, with what it is filtered by."""
    form = FilterForm(request.GET)
    shown: dict[str, Any] = {
        "form": form,
        "query": asked(request.GET),
        "tags": queries.known_tags(),
    }
    if form.is_valid():
        filters = form.filters(request.user)
        found = queries.matching(filters)
        below, above = (Place.read(request.GET.get(name, "")) for name in ("down", "up"))
        page = paging.page(found.rows, below, above)
        rows = queries.rows_of(page.rows, filters)
        shown |= {
            "found": found,
            "page": page,
            "rows": [(row, Place.of(row.conversation)) for row in rows],
            "none_yet": not rows and not filters.told() and not Conversation.objects.exists(),
        }
    return render(request, "conversations/index.html", shown)


def asked(values: QueryDict, **more: object) -> str:
    """The filters of an address as a query, with other values; "" where there are none."""
    kept = values.copy()
    for name in (*PLACES, "csrfmiddlewaretoken"):
        kept.pop(name, None)
    for name in [name for name in kept if not kept[name]]:
        del kept[name]
    for name, value in more.items():
        kept[name] = str(value)
    return kept.urlencode()


def filters_of(request: HttpRequest) -> Filters:
    """What an address asks for; nothing where it cannot be read."""
    form = FilterForm(request.GET)
    return form.filters(request.user) if form.is_valid() else Filters()


def conversation_of(key: str) -> Conversation:
    """The conversation of an address.

    Raises:
        Http404: there is none, or not any more.
    """
    return get_object_or_404(Conversation, key=key)


@needs(READER)
@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """A transcript; that it was opened is recorded."""
    conversation = conversation_of(key)
    start = request.GET.get("turn", "")
    if start == "last":
        begin = last_start(conversation)
    else:
        begin = int(start) if start.isdecimal() and len(start) < 16 else 0
    record(request.user, "opened", key)
    shown = {
        "conversation": conversation,
        "part": part(conversation, begin),
        "notes": conversation.note_set.order_by("pk"),
        "tags": conversation.tag_set.order_by("tag"),
        "known_tags": queries.known_tags(),
        "titles": titles(),
        "review": ReviewForm(conversation),
        "note_form": NoteForm(label_suffix=""),
        "tag_form": TagForm(label_suffix=""),
        "query": asked(request.GET),
        "whole": request.GET.urlencode(),
        "here": asked(request.GET, at=request.GET.get("at", "")),
    }
    return render(request, "conversations/one.html", shown)


@needs(READER)
@require_GET
def beside(request: HttpRequest, key: str, way: str) -> HttpResponse:
    """To the next conversation of the list, or the one before."""
    conversation = conversation_of(key)
    # Where it stood in the list when it was opened: staff may have moved it since.
    place = Place.read(request.GET.get("at", "")) or Place.of(conversation)
    found = queries.matching(filters_of(request)).rows
    rows = paging.after(found, place, 1) if way == "next" else paging.before(found, place, 1)
    if not rows:
        messages.info(request, say("notices", "last" if way == "next" else "first"))
        return redirect(f"{reverse('conversations')}?{asked(request.GET)}")
    at = Place.of(rows[0])
    return redirect(
        f"{reverse('conversations_one', args=[rows[0].key])}?{asked(request.GET, at=at)}"
    )


@needs(REVIEWER)
@require_GET
def label(request: HttpRequest, key: str, turn: int) -> HttpResponse:
    """The form by which a message is labelled; the room of the unanswered takes it."""
    conversation = conversation_of(key)
    shown = {
        "conversation": conversation,
        "turn": get_object_or_404(Turn, pk=turn, conversation=conversation),
        "verdicts": choices("verdicts"),
        "titles": titles(),
        "refusals": choices("out_of_scope"),
        "back": f"{reverse('conversations_one', args=[key])}?{request.GET.urlencode()}",
    }
    return render(request, "conversations/label.html", shown)
