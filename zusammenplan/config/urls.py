"""One line per app, in the order of the menu."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("zusammenplan.api.urls")),
    *i18n_patterns(
        # A whole room asks for these at once, so they are found first.
        path("", include("zusammenplan.ballots.urls.room")),
        path("", include("zusammenplan.plans.urls.rating")),
        path("", include("zusammenplan.website.urls")),
        path("intern/", include("zusammenplan.desk.urls")),
        path("intern/notizen/", include("zusammenplan.people.urls.notes")),
        path("intern/daten/", include("zusammenplan.config.data_urls")),
        path("intern/plan/importieren/", include("zusammenplan.ballots.urls.tables")),
        path("intern/plan/", include("zusammenplan.plans.urls")),
        path("intern/gremien/", include("zusammenplan.meetings.urls")),
        path("intern/priorisierung/", include("zusammenplan.ballots.urls")),
        path("", include("zusammenplan.reports.urls")),
        path("", include("zusammenplan.privacy.urls")),
        path("intern/einstellungen/raeume/", include("zusammenplan.config.area_urls")),
        path("intern/einstellungen/", include("zusammenplan.people.urls")),
        path("konto/", include("zusammenplan.people.urls.account")),
        prefix_default_language=False,
    ),
]

if settings.DEBUG:
    urlpatterns += [path("", include("zusammenplan.core.urls"))]

handler400 = "zusammenplan.core.errors.bad_request"
handler403 = "zusammenplan.core.errors.forbidden"
handler404 = "zusammenplan.core.errors.not_found"
# Asked for by django-allauth.
handler429 = "zusammenplan.core.errors.too_many"
handler500 = "zusammenplan.core.errors.server_error"
