"""Addresses of the data in the workspace: one line a topic."""

from zusammenplan.indicators.urls import catalogue, imports, looking

app_name = "indicators"
urlpatterns = [
    *looking.urlpatterns,
    *catalogue.urlpatterns,
    *imports.urlpatterns,
]
