"""Addresses under which data are looked at in the workspace."""

from django.urls import path

from zusammenplan.indicators.views import kept, looking

urlpatterns = [
    path("", looking.overview, name="data-overview"),
    path("gebiet/<int:pk>/", looking.area, name="data-area"),
    path("indikator/<slug:code>/", looking.indicator, name="data-indicator"),
    path("vergleich/", looking.comparison, name="data-comparison"),
    path("sozialindex/<slug:code>/", looking.social_index, name="data-social-index"),
    path("wert/<int:pk>/", looking.value, name="data-value"),
    path(
        "wert/umgerechnet/<int:version>/<slug:code>/<slug:period>/",
        looking.recalculated,
        name="data-recalculated",
    ),
    path("wert/alter/<int:version>/<slug:period>/<slug:ages>/", looking.ages, name="data-ages"),
    path("ansicht/<slug:code>/", kept.view, name="data-view"),
    path("ansichten/", kept.view_list, name="data-view-list"),
    path("ansichten/speichern/", kept.view_add, name="data-view-add"),
    path("ansichten/<int:pk>/loeschen/", kept.view_delete, name="data-view-delete"),
]
