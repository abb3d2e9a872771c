"""Addresses where a plan's table is taken over."""

from django.urls import path

from zusammenplan.ballots.views import tables

app_name = "tables"
urlpatterns = [
    path("", tables.table_import, name="import"),
    path("fertig/<slug:slug>/", tables.table_done, name="done"),
    path("<str:key>/", tables.table_check, name="check"),
    path("<str:key>/uebernehmen/", tables.table_take, name="take"),
]
