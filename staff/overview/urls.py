"""Overview."""

from __future__ import annotations

from django.urls import path

from staff.overview import views

urlpatterns = [
    path("", views.index, name="overview"),
]
