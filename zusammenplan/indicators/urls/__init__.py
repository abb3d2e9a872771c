"""Addresses of data in the workspace."""

from zusammenplan.indicators.urls import catalogue, imports

app_name = "indicators"
urlpatterns = [
    *catalogue.urlpatterns,
    *imports.urlpatterns,
]
