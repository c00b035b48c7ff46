"""Conversations."""

from __future__ import annotations

from django.urls import path

from staff.conversations import views

urlpatterns = [
    path("", views.index, name="conversations"),
]
