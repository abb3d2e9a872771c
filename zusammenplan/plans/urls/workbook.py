"""Addresses of the plan's workbook: download, upload, check."""

from django.urls import path

from zusammenplan.plans.views import workbook

urlpatterns = [
    path("<slug:slug>/excel/", workbook.workbook, name="workbook"),
    path("<slug:slug>/excel/herunterladen/", workbook.workbook_download, name="workbook-download"),
    path("<slug:slug>/excel/<str:key>/", workbook.workbook_check, name="workbook-check"),
    path("<slug:slug>/excel/<str:key>/uebernehmen/", workbook.workbook_take, name="workbook-take"),
]
