"""Addresses of evaluations in the workspace."""

from django.urls import path

from zusammenplan.plans.views import (
    evaluation_check,
    evaluation_people,
    evaluation_steps,
    evaluations,
)

_list = "<slug:slug>/auswertung/"
_one = f"{_list}<slug:evaluation>/"

urlpatterns = [
    path(_list, evaluations.evaluation_list, name="evaluation-list"),
    path(f"{_list}skala/", evaluations.evaluation_scale, name="evaluation-scale"),
    path(f"{_list}neu/", evaluations.evaluation_add, name="evaluation-add"),
    path(_one, evaluations.evaluation_detail, name="evaluation-detail"),
    path(f"{_one}bearbeiten/", evaluations.evaluation_change, name="evaluation-change"),
    path(f"{_one}umfang/", evaluations.evaluation_items, name="evaluation-items"),
    path(f"{_one}loeschen/", evaluations.evaluation_delete, name="evaluation-delete"),
    path(f"{_one}oeffnen/", evaluation_steps.evaluation_open, name="evaluation-open"),
    path(
        f"{_one}in-pruefung/",
        evaluation_steps.evaluation_begin_check,
        name="evaluation-begin-check",
    ),
    path(f"{_one}wieder-oeffnen/", evaluation_steps.evaluation_reopen, name="evaluation-reopen"),
    path(f"{_one}abschliessen/", evaluation_steps.evaluation_close, name="evaluation-close"),
    path(
        f"{_one}herunterladen/<str:kind>/",
        evaluations.evaluation_export,
        name="evaluation-export",
    ),
    path(f"{_one}pruefen/", evaluation_check.evaluation_check, name="evaluation-check"),
    path(f"{_one}pruefen/annehmen/", evaluation_check.evaluation_accept, name="evaluation-accept"),
    path(f"{_one}pruefen/<int:item>/", evaluation_check.evaluation_rate, name="evaluation-rate"),
    path(f"{_one}personen/", evaluation_people.people, name="evaluation-people"),
    path(f"{_one}personen/neu/", evaluation_people.person_add, name="evaluation-person-add"),
    path(f"{_one}personen/zustaendige/", evaluation_people.contacts, name="evaluation-contacts"),
    path(f"{_one}personen/zuordnen/", evaluation_people.assign, name="evaluation-assign"),
    path(f"{_one}personen/links/", evaluation_people.links, name="evaluation-links"),
    path(
        f"{_one}personen/<int:person>/entfernen/",
        evaluation_people.person_remove,
        name="evaluation-person-remove",
    ),
]
