"""Unanswered."""

from __future__ import annotations

from django.urls import path

from staff.unanswered import views

urlpatterns = [
    path("", views.index, name="unanswered"),
]
