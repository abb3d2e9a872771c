"""Addresses of the workspace's start page, search and tasks."""

from django.urls import path

from zusammenplan.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("suche/", views.search, name="search"),
    path("aufgaben/", views.task_list, name="task-list"),
]
