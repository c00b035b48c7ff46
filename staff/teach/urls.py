"""Teach."""

from __future__ import annotations

from django.urls import path

from staff.teach import release_views, views

urlpatterns = [
    path("", views.index, name="teach"),
    path("judge/", views.judge, name="teach_judge"),
    path("reopen/<int:turn>/", views.reopen_one, name="teach_reopen"),
    path("reviewed.yml", views.download, {"which": "examples"}, name="teach_download"),
    path("held_out.yml", views.download, {"which": "held_out"}, name="teach_held_out"),
    path("release/", release_views.index, name="teach_release"),
    path("release/progress.json", release_views.progress, name="teach_progress"),
    path("release/try/", release_views.try_out, name="teach_try"),
    path("release/stop/", release_views.stop, name="teach_stop"),
    path("release/live/", release_views.go_live, name="teach_live"),
    path("release/undo/", release_views.undo, name="teach_undo"),
]
