"""Audit."""

from __future__ import annotations

from django.urls import path

from staff.audit import views

urlpatterns = [
    path("", views.index, name="audit"),
]
