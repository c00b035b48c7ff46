"""What staff do to a conversation: notes, tags, review, erasing. Each deed is recorded."""

from __future__ import annotations

import time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guide.store.erase import erase_now
from staff.accounts.roles import MANAGER, REVIEWER, needs
from staff.audit.models import record
from staff.conversations.forms import MAX_TAG, NoteForm, ReviewForm, TagForm
from staff.conversations.views import asked, conversation_of
from staff.records.cleaning import typed
from staff.records.engine import guide_engine
from staff.records.models import Conversation, Note, Tag
from staff.records.words import say


@needs(REVIEWER)
@require_POST
def review(request: HttpRequest, key: str) -> HttpResponse:
    """State, assignment and flag, together."""
    conversation = conversation_of(key)
    form = ReviewForm(conversation, request.POST)
    if not form.is_valid():
        messages.error(request, say("notices", "wrong_review"))
        return _back(request, key, "review")
    # The chat server writes the other columns meanwhile.
    Conversation.objects.filter(pk=conversation.pk).update(**form.cleaned_data)
    record(request.user, "reviewed", key, **form.cleaned_data)
    messages.success(request, say("notices", "saved"))
    return _back(request, key, "review")


@needs(REVIEWER)
@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    """Add a note, without personal details."""
    conversation = conversation_of(key)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, say("notices", "wrong_note"))
        return _back(request, key, "notes")
    text = typed(request, form.cleaned_data["text"])
    by = request.user.get_username()
    added = _added(Note(conversation=conversation, time=time.time(), by=by, text=text))
    record(request.user, "noted", key, note=added.pk)
    return _back(request, key, "notes")


@needs(REVIEWER)
@require_POST
def delete_note(request: HttpRequest, key: str, note: int) -> HttpResponse:
    """Delete a note of one's own.

    Raises:
        PermissionDenied: it is somebody else's.
    """
    found = get_object_or_404(Note, pk=note, conversation=conversation_of(key))
    if found.by != request.user.get_username():
        raise PermissionDenied
    found.delete()
    record(request.user, "deleted a note", key, note=note)
    messages.success(request, say("notices", "note_deleted"))
    return _back(request, key, "notes")


@needs(REVIEWER)
@require_POST
def tag(request: HttpRequest, key: str) -> HttpResponse:
    """Add a tag: small letters, single spaces, without personal details."""
    conversation = conversation_of(key)
    form = TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, say("notices", "wrong_tag"))
        return _back(request, key, "tags")
    name = " ".join(typed(request, form.cleaned_data["tag"]).lower().split())[:MAX_TAG]
    if not Tag.objects.filter(conversation=conversation, tag=name).exists():
        _added(Tag(conversation=conversation, tag=name))
        record(request.user, "tagged", key, tag=name)
    return _back(request, key, "tags")


@needs(REVIEWER)
@require_POST
def untag(request: HttpRequest, key: str) -> HttpResponse:
    """Remove a tag."""
    name = request.POST.get("tag", "")
    if Tag.objects.filter(conversation=conversation_of(key), tag=name).delete()[0]:
        record(request.user, "untagged", key, tag=name)
    return _back(request, key, "tags")


@needs(MANAGER)
@require_http_methods(["GET", "POST"])
def erase_one(request: HttpRequest, key: str) -> HttpResponse:
    """Asks first; then all of it goes for good, with what staff noted."""
    conversation = conversation_of(key)
    if request.method == "GET":
        shown = {"conversation": conversation, "whole": request.GET.urlencode()}
        return render(request, "conversations/erase.html", shown)
    removed = erase_now(guide_engine(), conversation.pk, "staff")
    record(request.user, "erased", key, turns=removed.turns, events=removed.events)
    messages.success(request, say("notices", "erased", turns=removed.turns))
    return redirect(f"{reverse('conversations')}?{asked(QueryDict(request.POST.get('query', '')))}")


def _added(row: Note | Tag) -> Note | Tag:
    """The row, saved.

    Raises:
        Http404: the conversation was erased meanwhile.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Http404 from None
    return row


def _back(request: HttpRequest, key: str, place: str) -> HttpResponse:
    """To where the deed was done."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return redirect(f"{reverse('conversations_one', args=[key])}?{query}#{place}")
