"""Addresses of the public site."""

from django.urls import path

from zusammenplan.reports.views import public as documents
from zusammenplan.website import views

app_name = "website"
DOCUMENT = "plan/<slug:slug>/dokument/"
FROZEN = "plan/<slug:slug>/fassung/<int:number>/"
urlpatterns = [
    path("", views.start, name="start"),
    path("plan/", views.plan_list, name="plan-list"),
    path("plan/<slug:slug>/", views.plan, name="plan"),
    path("plan/<slug:slug>/massnahme/<int:pk>/", views.measure, name="measure"),
    path("plan/<slug:slug>/auswertung/<slug:evaluation>/", views.evaluation, name="evaluation"),
    path(DOCUMENT, documents.document, name="plan-document"),
    path(f"{DOCUMENT}kapitel/<int:part>/", documents.document, name="plan-document-part"),
    path(f"{DOCUMENT}stelle/<slug:anchor>/", documents.place, name="plan-document-place"),
    path(FROZEN, documents.document, name="plan-version"),
    path(f"{FROZEN}kapitel/<int:part>/", documents.document, name="plan-version-part"),
    path(f"{FROZEN}stelle/<slug:anchor>/", documents.place, name="plan-version-place"),
    *(
        path(f"{base}plan.{kind}", documents.file, {"kind": kind}, name=f"{name}-{kind}")
        for base, name in ((DOCUMENT, "plan-document"), (FROZEN, "plan-version"))
        for kind in ("pdf", "docx")
    ),
    path("plan/<slug:slug>/bild/<int:pk>/", documents.picture, name="plan-picture"),
    path("ergebnis/", views.result_list, name="result-list"),
    path("ergebnis/<slug:slug>/", views.result, name="result"),
    path("kontakt/", views.contact, name="contact"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("barriere-melden/", views.barrier_report, name="barrier-report"),
    path("barriere-melden/danke/", views.barrier_thanks, name="barrier-thanks"),
    path("robots.txt", views.robots, name="robots"),
]
