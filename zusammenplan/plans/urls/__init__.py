"""Addresses of plans and all that stands in them."""

from zusammenplan.plans.urls import evaluations, plans

app_name = "plans"
urlpatterns = [
    *plans.urlpatterns,
    *evaluations.urlpatterns,
]
