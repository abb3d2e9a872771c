"""Addresses of data protection: in the settings, and of the own account."""

from django.urls import path

from zusammenplan.privacy import views

app_name = "privacy"
BASE = "intern/einstellungen/datenschutz/"
urlpatterns = [
    path(BASE, views.overview, name="protection"),
    path(f"{BASE}faellig/", views.let_go_now, name="protection-let-go"),
    path(f"{BASE}verzeichnis/", views.record, name="protection-record"),
    path(f"{BASE}verzeichnis.xlsx", views.record_download, name="protection-record-file"),
    path(f"{BASE}person/", views.person, name="protection-person"),
    path(f"{BASE}person/auskunft/", views.answer, name="protection-answer"),
    path(f"{BASE}person/auskunft.json", views.answer_file, name="protection-answer-file"),
    path(f"{BASE}person/loeschen/", views.erase, name="protection-erase"),
    path(f"{BASE}frist/<slug:retention>/", views.rule, name="protection-rule"),
    path("konto/meine-daten/", views.own_data, name="own-data"),
    path("konto/meine-daten.json", views.own_data_file, name="own-data-file"),
]
