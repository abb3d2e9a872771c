"""Addresses of data in the workspace."""

from zusammenplan.indicators.urls import imports

app_name = "indicators"
urlpatterns = [
    *imports.urlpatterns,
]
