"""Every page of the staff site; each room has its own list."""

from __future__ import annotations

from django.urls import include, path

from staff import errors

urlpatterns = [
    path("", include("staff.overview.urls")),
    path("account/", include("staff.accounts.urls")),
    path("audit/", include("staff.audit.urls")),
    path("conversations/", include("staff.conversations.urls")),
    path("unanswered/", include("staff.unanswered.urls")),
    path("answers/", include("staff.answers.urls")),
    path("mend/", include("staff.mend.urls")),
    path("teach/", include("staff.teach.urls")),
    path("health/", include("staff.health.urls")),
]
handler400 = errors.bad_request
handler403 = errors.denied
handler404 = errors.missing
handler500 = errors.failed
