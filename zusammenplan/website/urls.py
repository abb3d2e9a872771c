"""Addresses of the public site."""

from django.urls import path

from zusammenplan.website import views

app_name = "website"
urlpatterns = [
    path("", views.start, name="start"),
    path("plan/", views.plan_list, name="plan-list"),
    path("plan/<slug:slug>/", views.plan, name="plan"),
    path("plan/<slug:slug>/massnahme/<int:pk>/", views.measure, name="measure"),
    path("plan/<slug:slug>/auswertung/<slug:evaluation>/", views.evaluation, name="evaluation"),
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
