"""Addresses of areas."""

from django.urls import path

from zusammenplan.places.views import areas, imports, planning, versions

app_name = "places"
urlpatterns = [
    path("", areas.area_list, name="area-list"),
    path("neu/", areas.area_add, name="area-add"),
    path("zuschneiden/", planning.area_cut, name="area-cut"),
    path("zuschneiden/<int:pk>/", planning.area_cut, name="area-cut-county"),
    path("verbaende/", planning.associations, name="area-associations"),
    path("importieren/", imports.area_import, name="area-import"),
    path("importieren/<str:key>/", imports.area_import_check, name="area-import-check"),
    path("importieren/<str:key>/uebernehmen/", imports.area_import_take, name="area-import-take"),
    path("<int:pk>/", areas.area_change, name="area-change"),
    path("<int:pk>/verschieben/", areas.area_move, name="area-move"),
    path("<int:pk>/loeschen/", areas.area_delete, name="area-delete"),
    path("<int:pk>/fassungen/", versions.area_versions, name="area-versions"),
    path("<int:pk>/fassungen/neu/", versions.area_version_add, name="area-version-add"),
    path(
        "<int:pk>/fassungen/<int:part>/", versions.area_version_change, name="area-version-change"
    ),
    path(
        "<int:pk>/fassungen/<int:part>/loeschen/",
        versions.area_version_delete,
        name="area-version-delete",
    ),
    path("<int:pk>/ab-einem-tag/", versions.area_follow, name="area-follow"),
    path("<int:pk>/zusammenlegen/", versions.area_merge, name="area-merge"),
    path("<int:pk>/teilen/", versions.area_split, name="area-split"),
    path("<int:pk>/uebergaenge/neu/", versions.area_transition_add, name="area-transition-add"),
    path(
        "<int:pk>/uebergaenge/<int:part>/",
        versions.area_transition_change,
        name="area-transition-change",
    ),
    path(
        "<int:pk>/uebergaenge/<int:part>/loeschen/",
        versions.area_transition_delete,
        name="area-transition-delete",
    ),
]
