"""Addresses of the workspace of prioritisation."""

from django.urls import path

from zusammenplan.ballots.views import groups, proposals, results, rounds, voters

app_name = "ballots"
urlpatterns = [
    path("", rounds.round_list, name="round-list"),
    path("neu/", rounds.round_add, name="round-add"),
    path("runde/<slug:slug>/", rounds.round_detail, name="round-detail"),
    path("runde/<slug:slug>/aendern/", rounds.round_change, name="round-change"),
    path("runde/<slug:slug>/kopieren/", rounds.round_copy, name="round-copy"),
    path("runde/<slug:slug>/berichtigen/", rounds.round_correct, name="round-correct"),
    path("runde/<slug:slug>/loeschen/", rounds.round_delete, name="round-delete"),
    path("runde/<slug:slug>/massnahmen/", rounds.round_items, name="round-items"),
    path("runde/<slug:slug>/gruppe-anlegen/", groups.group_add, name="group-add"),
    path("runde/<slug:slug>/vorschlaege/", proposals.proposal_list, name="proposal-list"),
    path("runde/<slug:slug>/ergebnis/", results.result, name="result"),
    path("runde/<slug:slug>/freigeben/", results.release, name="release"),
    path("gruppe/<int:pk>/aendern/", groups.group_change, name="group-change"),
    path("gruppe/<int:pk>/loeschen/", groups.group_delete, name="group-delete"),
    path("gruppe/<int:pk>/oeffnen/", groups.group_open, name="group-open"),
    path("gruppe/<int:pk>/schliessen/", groups.group_close, name="group-close"),
    path("gruppe/<int:pk>/wieder-oeffnen/", groups.group_reopen, name="group-reopen"),
    path("gruppe/<int:pk>/stimmberechtigte/", voters.voter_list, name="voter-list"),
    path("gruppe/<int:pk>/stimmberechtigte/neu/", voters.voter_add, name="voter-add"),
    path(
        "gruppe/<int:pk>/stimmberechtigte/aus-gremium/",
        voters.voters_from_body,
        name="voters-from-body",
    ),
    path("gruppe/<int:pk>/links/", voters.voter_links, name="voter-links"),
    path("gruppe/<int:pk>/auszaehlung/", groups.tally, name="tally"),
    path("stimmberechtigt/<int:pk>/streichen/", voters.voter_remove, name="voter-remove"),
    path("vorschlag/<int:pk>/aufnehmen/", proposals.proposal_admit, name="proposal-admit"),
    path("vorschlag/<int:pk>/ablehnen/", proposals.proposal_refuse, name="proposal-refuse"),
    path("massnahme/<int:pk>/entscheidung/", results.chair_decision, name="chair-decision"),
]
