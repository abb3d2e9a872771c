"""Addresses of the data in the workspace: one line a topic."""

from zusammenplan.indicators.urls import catalogue, imports, looking

app_name = "indicators"
urlpatterns = [
    # Its fixed words are found before the looks' addresses of a name.
    *catalogue.urlpatterns,
    *looking.urlpatterns,
    *imports.urlpatterns,
]
