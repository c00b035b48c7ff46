"""Unanswered."""

from __future__ import annotations

from django.urls import path

from staff.unanswered import views

urlpatterns = [
    path("", views.index, name="unanswered"),
    path("embed/", views.embed_more, name="unanswered_embed"),
    path("group/", views.label_group, name="unanswered_group"),
    path("labels/", views.labels, name="unanswered_labels"),
    path("label/<int:turn>/", views.label_one, name="label"),
    path("take-back/<int:turn>/", views.take_back_one, name="take_back_label"),
]
