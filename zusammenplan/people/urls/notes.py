"""Addresses of comments, tasks and drafts."""

from django.urls import path

from zusammenplan.people.views import notes

app_name = "notes"
urlpatterns = [
    path("kommentare/<str:table>/<int:pk>/neu/", notes.comment_add, name="comment-add"),
    path("kommentare/<int:pk>/", notes.comment_change, name="comment-change"),
    path("kommentare/<int:pk>/loeschen/", notes.comment_delete, name="comment-delete"),
    path("aufgaben/<str:table>/<int:pk>/neu/", notes.task_add, name="task-add"),
    path("aufgaben/<int:pk>/", notes.task_change, name="task-change"),
    path("aufgaben/<int:pk>/erledigt/", notes.task_tick, name="task-tick"),
    path("aufgaben/<int:pk>/loeschen/", notes.task_delete, name="task-delete"),
    path("entwurf/", notes.draft_keep, name="draft-keep"),
    path("entwurf/verwerfen/", notes.draft_forget, name="draft-forget"),
]
