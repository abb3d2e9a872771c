"""Addresses of the parts of a measure."""

from django.urls import path

from zusammenplan.plans.views import (
    attachments,
    costs,
    indicators,
    measures,
    milestones,
    relations,
)

MEASURE = "<slug:slug>/massnahmen/<int:pk>"
COSTS = f"{MEASURE}/kosten"
MILESTONES = f"{MEASURE}/meilensteine"
INDICATORS = f"{MEASURE}/indikatoren"
VALUES = f"{INDICATORS}/<int:part>/werte"
RELATIONS = f"{MEASURE}/beziehungen"
FILES = f"{MEASURE}/anlagen"

urlpatterns = [
    path("<slug:slug>/massnahmen/lesbarkeit/", measures.measure_ease, name="measure-ease"),
    path(f"{MEASURE}/verlauf/", measures.measure_history, name="measure-history"),
    path(f"{COSTS}/", costs.cost_list, name="measure-costs"),
    path(f"{COSTS}/<int:part>/", costs.cost_change, name="measure-cost"),
    path(f"{COSTS}/<int:part>/loeschen/", costs.cost_delete, name="measure-cost-delete"),
    path(f"{MILESTONES}/", milestones.milestone_list, name="measure-milestones"),
    path(f"{MILESTONES}/<int:part>/", milestones.milestone_change, name="measure-milestone"),
    path(
        f"{MILESTONES}/<int:part>/erreicht/",
        milestones.milestone_done,
        name="measure-milestone-done",
    ),
    path(
        f"{MILESTONES}/<int:part>/verschieben/",
        milestones.milestone_move,
        name="measure-milestone-move",
    ),
    path(
        f"{MILESTONES}/<int:part>/loeschen/",
        milestones.milestone_delete,
        name="measure-milestone-delete",
    ),
    path(f"{INDICATORS}/", indicators.indicator_list, name="measure-indicators"),
    path(f"{INDICATORS}/neu/<slug:kind>/", indicators.indicator_add, name="measure-indicator-add"),
    path(f"{INDICATORS}/<int:part>/", indicators.indicator_change, name="measure-indicator"),
    path(f"{INDICATORS}/<int:part>/art/", indicators.indicator_kind, name="measure-indicator-kind"),
    path(
        f"{INDICATORS}/<int:part>/erreicht/",
        indicators.indicator_reached,
        name="measure-indicator-reached",
    ),
    path(
        f"{INDICATORS}/<int:part>/verschieben/",
        indicators.indicator_move,
        name="measure-indicator-move",
    ),
    path(
        f"{INDICATORS}/<int:part>/loeschen/",
        indicators.indicator_delete,
        name="measure-indicator-delete",
    ),
    path(
        f"{INDICATORS}/<int:part>/anlagen/",
        attachments.indicator_file_list,
        name="measure-indicator-files",
    ),
    path(f"{VALUES}/", indicators.value_list, name="measure-values"),
    path(f"{VALUES}/<int:value>/", indicators.value_change, name="measure-value"),
    path(f"{VALUES}/<int:value>/loeschen/", indicators.value_delete, name="measure-value-delete"),
    path(f"{RELATIONS}/", relations.relation_list, name="measure-relations"),
    path(f"{RELATIONS}/<int:part>/", relations.relation_change, name="measure-relation"),
    path(
        f"{RELATIONS}/<int:part>/loeschen/",
        relations.relation_delete,
        name="measure-relation-delete",
    ),
    path(f"{FILES}/", attachments.file_list, name="measure-files"),
    path(f"{FILES}/<int:part>/", attachments.file_change, name="measure-file"),
    path(f"{FILES}/<int:part>/datei/", attachments.file_download, name="measure-file-download"),
    path(f"{FILES}/<int:part>/loeschen/", attachments.file_delete, name="measure-file-delete"),
]
