"""Addresses of plans and all that stands in them."""

from zusammenplan.plans.urls import document, plans

app_name = "plans"
urlpatterns = [
    *plans.urlpatterns,
    *document.urlpatterns,
]
