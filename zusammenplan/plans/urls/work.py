"""Addresses of the work on a plan: its list of measures, notes on what has no page."""

from django.urls import path

from zusammenplan.plans.views import cells, notes, saved

urlpatterns = [
    path(
        "<slug:slug>/massnahmen/<int:pk>/zelle/<str:cell>/",
        cells.measure_cell,
        name="measure-cell",
    ),
    path("<slug:slug>/notizen/<slug:word>/<int:pk>/", notes.part_notes, name="part-notes"),
    path("<slug:slug>/ansichten/neu/", saved.view_add, name="view-add"),
    path("<slug:slug>/ansichten/<int:pk>/", saved.view_open, name="view-open"),
    path("<slug:slug>/ansichten/<int:pk>/bearbeiten/", saved.view_change, name="view-change"),
    path("<slug:slug>/ansichten/<int:pk>/loeschen/", saved.view_delete, name="view-delete"),
]
