"""Addresses of the pages in the room: personal links, ballots, the projector's page."""

from django.urls import path

from zusammenplan.ballots.views import wall
from zusammenplan.ballots.views.room import ballots, doors, proposals

app_name = "room"

_ballot = "stimmzettel/<slug:slug>/<int:group>/"

urlpatterns = [
    path("leinwand/<str:wall_key>/stand/", wall.wall_state, name="wall-state"),
    path("leinwand/<str:wall_key>/", wall.wall, name="wall"),
    path("abstimmung/<str:token>/", doors.enter, name="enter"),
    path("stimmzettel/", ballots.ballot_list, name="ballots"),
    path(_ballot, ballots.ballot, name="ballot"),
    path(f"{_ballot}pruefen/", ballots.review, name="review"),
    path(f"{_ballot}danke/", ballots.thanks, name="thanks"),
    path(f"{_ballot}vorschlag/", proposals.proposal, name="proposal"),
]
