"""Health."""

from __future__ import annotations

from django.urls import path

from staff.health import views

urlpatterns = [
    path("", views.index, name="health"),
]
