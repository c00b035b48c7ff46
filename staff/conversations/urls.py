"""Conversations."""

from __future__ import annotations

from django.urls import path

from staff.conversations import deeds, exporting, views

# Names begin with "conversations", by which the menu knows the room.
urlpatterns = [
    path("", views.index, name="conversations"),
    path("export/", exporting.export, name="conversations_export"),
    path("<slug:key>/", views.one, name="conversations_one"),
    path("<slug:key>/next/", views.beside, {"way": "next"}, "conversations_next"),
    path("<slug:key>/previous/", views.beside, {"way": "previous"}, "conversations_previous"),
    path("<slug:key>/label/<int:turn>/", views.label, name="conversations_label"),
    path("<slug:key>/review/", deeds.review, name="conversations_review"),
    path("<slug:key>/note/", deeds.note, name="conversations_note"),
    path("<slug:key>/note/<int:note>/", deeds.delete_note, name="conversations_note_delete"),
    path("<slug:key>/tag/", deeds.tag, name="conversations_tag"),
    path("<slug:key>/untag/", deeds.untag, name="conversations_untag"),
    path("<slug:key>/erase/", deeds.erase_one, name="conversations_erase"),
]
