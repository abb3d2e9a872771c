"""Addresses of data in the workspace."""

from zusammenplan.indicators.urls import catalogue

app_name = "indicators"
urlpatterns = [
    *catalogue.urlpatterns,
]
