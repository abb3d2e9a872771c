"""Addresses of plans, their fields and measures."""

from django.urls import path

from zusammenplan.plans.views import exports, fields, lists, measures, plans

urlpatterns = [
    path("", plans.plan_list, name="plan-list"),
    path("neu/", plans.plan_add, name="plan-add"),
    path("<slug:slug>/", plans.plan_detail, name="plan-detail"),
    path("<slug:slug>/bearbeiten/", plans.plan_change, name="plan-change"),
    path("<slug:slug>/loeschen/", plans.plan_delete, name="plan-delete"),
    path("<slug:slug>/nummern/", plans.plan_renumber, name="plan-renumber"),
    path("<slug:slug>/herunterladen/<str:kind>/", exports.plan_export, name="plan-export"),
    path("<slug:slug>/felder/neu/", fields.field_add, name="field-add"),
    path("<slug:slug>/felder/<int:pk>/", fields.field_change, name="field-change"),
    path("<slug:slug>/felder/<int:pk>/verschieben/", fields.field_move, name="field-move"),
    path("<slug:slug>/felder/<int:pk>/loeschen/", fields.field_delete, name="field-delete"),
    path("<slug:slug>/massnahmen/", lists.measure_list, name="measure-list"),
    path("<slug:slug>/massnahmen/neu/", measures.measure_add, name="measure-add"),
    path("<slug:slug>/massnahmen/auswahl/", lists.measure_bulk, name="measure-bulk"),
    path("<slug:slug>/massnahmen/<int:pk>/", measures.measure_detail, name="measure-detail"),
    path(
        "<slug:slug>/massnahmen/<int:pk>/bearbeiten/",
        measures.measure_change,
        name="measure-change",
    ),
    path(
        "<slug:slug>/massnahmen/<int:pk>/verschieben/", measures.measure_move, name="measure-move"
    ),
    path(
        "<slug:slug>/massnahmen/<int:pk>/loeschen/", measures.measure_delete, name="measure-delete"
    ),
]
