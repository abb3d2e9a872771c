"""Address of the workspace's start page."""

from django.urls import path

from zusammenplan.desk import views

app_name = "desk"
urlpatterns = [path("", views.overview, name="overview")]
