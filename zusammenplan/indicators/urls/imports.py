"""Addresses where figures are taken over."""

from django.urls import path

from zusammenplan.indicators.views import fetching, imports

urlpatterns = [
    path("import/", imports.import_new, name="import-new"),
    path("import/abruf/", fetching.import_fetch, name="import-fetch"),
    path("import/<str:keys>/", imports.import_check, name="import-check"),
    path("import/<str:keys>/spalten/", imports.import_columns, name="import-columns"),
    path("import/<str:keys>/uebernehmen/", imports.import_take, name="import-take"),
    path("importe/", imports.import_list, name="import-list"),
    path("importe/<int:pk>/", imports.import_detail, name="import-detail"),
    path("importe/<int:pk>/zuruecknehmen/", imports.import_undo, name="import-undo"),
]
