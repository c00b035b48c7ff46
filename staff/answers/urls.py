"""Answers."""

from __future__ import annotations

from django.urls import path

from staff.answers import views

# Names begin with "answers", by which the menu knows the room.
urlpatterns = [
    path("", views.index, name="answers"),
    path("dated/", views.dated, name="answers_dated"),
    path("of/<str:answer>/", views.one, name="answers_one"),
]
