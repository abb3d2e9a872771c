"""Addresses of a plan's life: status, resolutions, versions, comparing, the next plan."""

from django.urls import path

from zusammenplan.plans.views import life, updates, versions

urlpatterns = [
    path("<slug:slug>/status/", life.plan_status, name="plan-status"),
    path("<slug:slug>/status/<slug:to>/", life.plan_step, name="plan-step"),
    path("<slug:slug>/beschluesse/neu/", life.resolution_add, name="resolution-add"),
    path("<slug:slug>/beschluesse/<int:pk>/", life.resolution_change, name="resolution-change"),
    path(
        "<slug:slug>/beschluesse/<int:pk>/loeschen/",
        life.resolution_delete,
        name="resolution-delete",
    ),
    path("<slug:slug>/fassungen/", versions.version_list, name="version-list"),
    path("<slug:slug>/vergleich/", versions.plan_compare, name="plan-compare"),
    path(
        "<slug:slug>/massnahmen/<int:pk>/geschichte/", versions.measure_story, name="measure-story"
    ),
    path("<slug:slug>/fortschreiben/", updates.plan_update, name="plan-update"),
    path("<slug:slug>/fortschreiben/angaben/", updates.update_change, name="plan-update-change"),
    path(
        "<slug:slug>/fortschreiben/entscheiden/", updates.update_decide, name="plan-update-decide"
    ),
    path(
        "<slug:slug>/fortschreiben/abschliessen/", updates.update_finish, name="plan-update-finish"
    ),
    path(
        "<slug:slug>/fortschreiben/verwerfen/", updates.update_discard, name="plan-update-discard"
    ),
    path("<slug:slug>/anpassen/", updates.plan_adapt, name="plan-adapt"),
]
