"""Addresses of plans and all that stands in them."""

from zusammenplan.plans.urls import measure_parts, plans

app_name = "plans"
urlpatterns = [
    *plans.urlpatterns,
    *measure_parts.urlpatterns,
]
