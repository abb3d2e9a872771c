"""What people type about records: comments and tasks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from zusammenplan.core.forms import VersionedForm
from zusammenplan.core.inputs import WrittenDayField
from zusammenplan.people.models import Task, User
from zusammenplan.people.queries.work import staff


class CommentForm(forms.Form):
    """A comment."""

    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TaskForm(VersionedForm):
    """A task: what, who, until when."""

    title = forms.CharField(label=gettext_lazy("What is to be done?"), max_length=200)
    assignee = forms.ModelChoiceField(
        label=gettext_lazy("Who does it?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody yet"),
    )
    due_on = WrittenDayField(label=gettext_lazy("Due on"))
    text = forms.CharField(
        label=gettext_lazy("Explanation"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    names = ("title", "assignee", "due_on", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["assignee"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = staff()

    @classmethod
    def initial_of(cls, task: Task) -> dict[str, Any]:
        return {name: getattr(task, name) for name in (*cls.names, "version")}


STATES = [
    ("", gettext_lazy("open")),
    ("overdue", gettext_lazy("overdue")),
    ("done", pgettext_lazy("task", "done")),
]
WHOSE = [
    ("mine", gettext_lazy("My tasks")),
    ("given", gettext_lazy("Set by me")),
    ("nobody", gettext_lazy("Nobody’s")),
    ("all", gettext_lazy("All")),
]


class TaskFilter(forms.Form):
    """Whose tasks the list shows, and in which state."""

    whose = forms.ChoiceField(label=gettext_lazy("Whose"), choices=WHOSE, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=STATES,
        required=False,
        widget=forms.Select(attrs={"class": "zp-input"}),
    )

    @property
    def chosen(self) -> dict[str, str]:
        """What the address bar asks for; a wrong value in it means the usual one."""
        self.is_valid()
        return {
            "whose": self.cleaned_data.get("whose") or "mine",
            "state": self.cleaned_data.get("state") or "",
        }
