"""Addresses of plans and all that stands in them."""

from zusammenplan.plans.urls import life, plans

app_name = "plans"
urlpatterns = [
    *plans.urlpatterns,
    *life.urlpatterns,
]
