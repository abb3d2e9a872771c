"""Addresses of plans and all that stands in them."""

from zusammenplan.plans.urls import plans, workbook

app_name = "plans"
urlpatterns = [
    *plans.urlpatterns,
    *workbook.urlpatterns,
]
