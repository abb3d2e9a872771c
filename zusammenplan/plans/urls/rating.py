"""Addresses for those who rate by a personal link; they need no login."""

from django.urls import path

from zusammenplan.plans.views import rating

app_name = "rating"
urlpatterns = [
    path("bewertung/<str:token>/", rating.enter, name="enter"),
    path("bewerten/<int:person>/", rating.paper, name="paper"),
]
