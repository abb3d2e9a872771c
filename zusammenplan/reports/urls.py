"""Addresses of the documents: of rounds, and of plans in the workspace."""

from django.urls import path

from zusammenplan.reports.views import changes, data, documents, rounds

app_name = "reports"
PAPERS = "intern/dokumente/<slug:slug>/"
CHANGES = "intern/plan/<slug:slug>/aenderungen"
READING = "intern/plan/<slug:slug>/dokument/lesen/"
FROZEN = "intern/plan/<slug:slug>/fassungen/<int:number>/lesen/"
JOB = "intern/plan/<slug:slug>/dokument/datei/<slug:file_kind>/<slug:key>/"
urlpatterns = [
    *(
        path(f"{PAPERS}tischvorlage.{kind}", rounds.handout, {"kind": kind}, name=f"handout-{kind}")
        for kind in ("docx", "pdf")
    ),
    *(
        path(f"{PAPERS}ergebnis.{kind}", rounds.result, {"kind": kind}, name=f"result-{kind}")
        for kind in ("docx", "pdf", "xlsx", "csv")
    ),
    path(f"{CHANGES}/", changes.plan_changes, name="plan-changes"),
    *(
        path(
            f"{CHANGES}.{kind}",
            changes.plan_changes_file,
            {"kind": kind},
            name=f"plan-changes-{kind}",
        )
        for kind in ("docx", "pdf")
    ),
    path(
        "intern/daten/gebiet/<int:pk>/profil.<slug:kind>", data.inner_profile, name="data-profile"
    ),
    *data.chart_paths("intern/daten/", data.inner_chart, data.PAGES),
    path("ergebnis/<slug:slug>/ergebnis.<slug:kind>", rounds.public_result, name="public-result"),
    path(READING, documents.reading, name="plan-reading"),
    path(f"{READING}kapitel/<int:part>/", documents.reading, name="plan-reading-part"),
    path(f"{READING}stelle/<slug:anchor>/", documents.place, name="plan-place"),
    path(FROZEN, documents.reading, name="version-reading"),
    path(f"{FROZEN}kapitel/<int:part>/", documents.reading, name="version-reading-part"),
    path(f"{FROZEN}stelle/<slug:anchor>/", documents.place, name="version-place"),
    path("intern/plan/<slug:slug>/bild/<int:pk>/", documents.picture, name="plan-picture"),
    *(
        path(f"{READING}{kind}/", documents.make, {"kind": kind}, name=f"plan-file-{kind}")
        for kind in ("pdf", "docx")
    ),
    *(
        path(f"{FROZEN}{kind}/", documents.make, {"kind": kind}, name=f"version-file-{kind}")
        for kind in ("pdf", "docx")
    ),
    path(JOB, documents.job, name="plan-job"),
    path(f"{JOB}herunterladen/", documents.made, name="plan-made"),
]
