"""Answers."""

from __future__ import annotations

from django.urls import path

from staff.answers import views

urlpatterns = [
    path("", views.index, name="answers"),
]
