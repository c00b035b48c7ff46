"""Teach."""

from __future__ import annotations

from django.urls import path

from staff.teach import views

urlpatterns = [
    path("", views.index, name="teach"),
]
