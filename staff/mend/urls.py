"""Editing and withdrawing answers."""

from __future__ import annotations

from django.urls import path

from staff.mend import views, withdrawing

urlpatterns = [
    path("", views.index, name="mend"),
    path("new/", views.new, name="mend_new"),
    path("of/<str:answer>/", views.edit, name="mend_edit"),
    path("of/<str:answer>/discard/", views.drop, name="mend_discard"),
    path("of/<str:answer>/sign/", views.sign, name="mend_sign"),
    path("of/<str:answer>/withdraw/", withdrawing.withdraw, name="mend_withdraw"),
    path("of/<str:answer>/bring-back/", withdrawing.bring_back, name="mend_bring_back"),
]
