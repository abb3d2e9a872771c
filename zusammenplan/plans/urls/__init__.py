"""Addresses of plans and all that stands in them."""

from zusammenplan.plans.urls import (
    document,
    evaluations,
    life,
    measure_parts,
    plans,
    thread,
    work,
    workbook,
)

app_name = "plans"
urlpatterns = [
    *thread.words,
    *plans.urlpatterns,
    *thread.urlpatterns,
    *measure_parts.urlpatterns,
    *work.urlpatterns,
    *evaluations.urlpatterns,
    *life.urlpatterns,
    *workbook.urlpatterns,
    *document.urlpatterns,
]
