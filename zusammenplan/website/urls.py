"""Addresses of the public site."""

from django.urls import path

from zusammenplan.reports.views import data as data_files, public as documents
from zusammenplan.website.views import data, downloads, evaluations, goals, plans, site, timeline

app_name = "website"
DOCUMENT = "plan/<slug:slug>/dokument/"
FROZEN = "plan/<slug:slug>/fassung/<int:number>/"
urlpatterns = [
    # Addresses are tried one after the other; those without parts are quickest to tell apart.
    path("", site.start, name="start"),
    path("kontakt/", site.contact, name="contact"),
    path("impressum/", site.imprint, name="imprint"),
    path("datenschutz/", site.privacy, name="privacy"),
    path("barrierefreiheit/", site.accessibility, name="accessibility"),
    path("barriere-melden/", site.barrier_report, name="barrier-report"),
    path("barriere-melden/danke/", site.barrier_thanks, name="barrier-thanks"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("plan/", plans.plan_list, name="plan-list"),
    path("plan/<slug:slug>/", plans.plan, name="plan"),
    path("plan/<slug:slug>/handlungsfeld/<int:pk>/", plans.field, name="plan-field"),
    path("plan/<slug:slug>/ziele/", goals.goal_list, name="plan-goal-list"),
    path("plan/<slug:slug>/ziel/<int:pk>/", goals.goal, name="plan-goal"),
    path("plan/<slug:slug>/bedarfe/", goals.need_list, name="plan-need-list"),
    path("plan/<slug:slug>/bedarf/<int:pk>/", goals.need, name="plan-need"),
    path("plan/<slug:slug>/zeitplan/", timeline.timeline, name="plan-timeline"),
    path("plan/<slug:slug>/aenderungen/", timeline.changes, name="plan-change-list"),
    path("plan/<slug:slug>/aenderungen.atom", timeline.feed, name="plan-feed"),
    path("plan/<slug:slug>/fassungen/", plans.version_list, name="plan-version-list"),
    path("plan/<slug:slug>/plan.xlsx", downloads.plan_xlsx, name="plan-xlsx"),
    path("plan/<slug:slug>/plan.json", downloads.plan_json, name="plan-json"),
    path("plan/<slug:slug>/massnahme/<int:pk>/", plans.measure, name="measure"),
    path(
        "plan/<slug:slug>/massnahme/<int:pk>/leichte-sprache/",
        plans.measure_easy,
        name="measure-easy",
    ),
    path(
        "plan/<slug:slug>/massnahme/<int:pk>/datei/<int:file>/",
        downloads.measure_file,
        name="measure-file",
    ),
    path(
        "plan/<slug:slug>/auswertung/<slug:evaluation>/",
        evaluations.evaluation,
        name="evaluation",
    ),
    path(DOCUMENT, documents.document, name="plan-document"),
    path(f"{DOCUMENT}kapitel/<int:part>/", documents.document, name="plan-document-part"),
    path(f"{DOCUMENT}stelle/<slug:anchor>/", documents.place, name="plan-document-place"),
    path(FROZEN, documents.document, name="plan-version"),
    path(f"{FROZEN}kapitel/<int:part>/", documents.document, name="plan-version-part"),
    path(f"{FROZEN}stelle/<slug:anchor>/", documents.place, name="plan-version-place"),
    *(
        path(f"{base}plan.{kind}", documents.file, {"kind": kind}, name=f"{name}-{kind}")
        for base, name in ((DOCUMENT, "plan-document"), (FROZEN, "plan-version"))
        for kind in ("pdf", "docx")
    ),
    path("plan/<slug:slug>/bild/<int:pk>/", documents.picture, name="plan-picture"),
    path("ergebnis/", site.result_list, name="result-list"),
    path("ergebnis/<slug:slug>/", site.result, name="result"),
    path("daten/", data.overview, name="data-overview"),
    path("daten/datenpaket.zip", data.package, name="data-package"),
    path("daten/profile.<slug:kind>", data_files.public_profiles, name="data-profiles"),
    path("daten/gebiet/<int:pk>/", data.area, name="data-area"),
    path(
        "daten/gebiet/<int:pk>/profil.<slug:kind>", data_files.public_profile, name="data-profile"
    ),
    path("daten/indikator/<slug:code>/", data.indicator, name="data-indicator"),
    path("daten/vergleich/", data.comparison, name="data-comparison"),
    path("daten/sozialindex/<slug:code>/", data.social_index, name="data-social-index"),
    path("daten/wert/<int:pk>/", data.value, name="data-value"),
    path(
        "daten/wert/umgerechnet/<int:version>/<slug:code>/<slug:period>/",
        data.recalculated,
        name="data-recalculated",
    ),
    path("daten/wert/alter/<int:version>/<slug:period>/<slug:ages>/", data.ages, name="data-ages"),
    path("daten/ansicht/<slug:code>/", data.view, name="data-view"),
    *data_files.chart_paths("daten/", data_files.public_chart, data_files.PAGES),
]
