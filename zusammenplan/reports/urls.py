"""Addresses of the documents: in the workspace, and of public results for everybody."""

from django.urls import path

from zusammenplan.reports import views, views_changes

app_name = "reports"
PAPERS = "intern/dokumente/<slug:slug>/"
CHANGES = "intern/plan/<slug:slug>/aenderungen"
urlpatterns = [
    *(
        path(f"{PAPERS}tischvorlage.{kind}", views.handout, {"kind": kind}, name=f"handout-{kind}")
        for kind in ("docx", "pdf")
    ),
    *(
        path(f"{PAPERS}ergebnis.{kind}", views.result, {"kind": kind}, name=f"result-{kind}")
        for kind in ("docx", "pdf", "xlsx", "csv")
    ),
    path(f"{CHANGES}/", views_changes.plan_changes, name="plan-changes"),
    *(
        path(
            f"{CHANGES}.{kind}",
            views_changes.plan_changes_file,
            {"kind": kind},
            name=f"plan-changes-{kind}",
        )
        for kind in ("docx", "pdf")
    ),
    path("ergebnis/<slug:slug>/ergebnis.<slug:kind>", views.public_result, name="public-result"),
]
