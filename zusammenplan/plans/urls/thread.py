"""Addresses of the red thread: terms, levels, needs, goals, the outline and the gaps."""

from django.urls import path

from zusammenplan.plans.views import citations, gaps, goals, levels, needs, outline, terms

# These do not begin with a plan, so they stand before those that do.
words = [
    path("begriffe/", terms.term_list, name="term-list"),
    path("begriffe/neu/", terms.term_add, name="term-add"),
    path("begriffe/vorschlaege/", terms.term_defaults, name="term-defaults"),
    path("begriffe/<int:pk>/", terms.term_change, name="term-change"),
    path("begriffe/<int:pk>/verschieben/", terms.term_move, name="term-move"),
    path("begriffe/<int:pk>/loeschen/", terms.term_delete, name="term-delete"),
    path("beleg/", citations.evidence_from_data, name="evidence-from-data"),
]
urlpatterns = [
    path("<slug:slug>/gliederung/", outline.outline, name="outline"),
    path("<slug:slug>/gliederung/verschieben/", outline.outline_move, name="outline-move"),
    path("<slug:slug>/gliederung/umbenennen/", outline.outline_rename, name="outline-rename"),
    path("<slug:slug>/gliederung/anlegen/", outline.outline_add, name="outline-add"),
    path("<slug:slug>/luecken/", gaps.gap_list, name="gaps"),
    path("<slug:slug>/bedarfe/", needs.need_list, name="need-list"),
    path("<slug:slug>/bedarfe/neu/", needs.need_add, name="need-add"),
    path("<slug:slug>/bedarfe/herunterladen/<str:kind>/", needs.need_export, name="need-export"),
    path("<slug:slug>/bedarfe/<int:pk>/", needs.need_detail, name="need-detail"),
    path("<slug:slug>/bedarfe/<int:pk>/bearbeiten/", needs.need_change, name="need-change"),
    path("<slug:slug>/bedarfe/<int:pk>/verschieben/", needs.need_move, name="need-move"),
    path("<slug:slug>/bedarfe/<int:pk>/loeschen/", needs.need_delete, name="need-delete"),
    path("<slug:slug>/bedarfe/<int:pk>/beleg/", citations.evidence_cite, name="evidence-cite"),
    path(
        "<slug:slug>/bedarfe/<int:pk>/beleg/<int:part>/uebernehmen/",
        citations.evidence_take,
        name="evidence-take",
    ),
    path(
        "<slug:slug>/bedarfe/<int:pk>/beleg/<int:part>/behalten/",
        citations.evidence_stay,
        name="evidence-stay",
    ),
    path("<slug:slug>/zielebenen/", levels.level_list, name="level-list"),
    path("<slug:slug>/zielebenen/neu/", levels.level_add, name="level-add"),
    path("<slug:slug>/zielebenen/vorschlag/", levels.level_defaults, name="level-defaults"),
    path("<slug:slug>/zielebenen/<int:pk>/", levels.level_change, name="level-change"),
    path("<slug:slug>/zielebenen/<int:pk>/loeschen/", levels.level_delete, name="level-delete"),
    path("<slug:slug>/ziele/", goals.goal_list, name="goal-list"),
    path("<slug:slug>/ziele/neu/", goals.goal_add, name="goal-add"),
    path("<slug:slug>/ziele/<int:pk>/", goals.goal_detail, name="goal-detail"),
    path("<slug:slug>/ziele/<int:pk>/bearbeiten/", goals.goal_change, name="goal-change"),
    path("<slug:slug>/ziele/<int:pk>/verschieben/", goals.goal_move, name="goal-move"),
    path("<slug:slug>/ziele/<int:pk>/loeschen/", goals.goal_delete, name="goal-delete"),
]
