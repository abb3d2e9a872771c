"""Addresses of plans and all that stands in them."""

from zusammenplan.plans.urls import plans, work

app_name = "plans"
urlpatterns = [
    *plans.urlpatterns,
    *work.urlpatterns,
]
