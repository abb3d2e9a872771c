"""Addresses of the data in the workspace: one line a topic."""

from zusammenplan.indicators.urls import imports, looking

app_name = "indicators"
urlpatterns = [
    *looking.urlpatterns,
    *imports.urlpatterns,
]
