"""What people type about bodies and seats."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.forms import VersionedForm
from zusammenplan.core.inputs import DayInput
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.meetings.choices import BodyKind, SeatRole
from zusammenplan.meetings.models import Body, Seat, SeatQuerySet
from zusammenplan.people.models import Organisation, User


class BodyFilter(forms.Form):
    """The filter bar above the list of bodies. Every field is optional."""

    q = forms.CharField(label=_("Search"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *BodyKind.choices], required=False
    )

    def apply(self, bodies: QuerySet[Body]) -> QuerySet[Body]:
        """Narrow the bodies; a wrong value in the address bar narrows nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            bodies = bodies.filter(
                Q(name_de__icontains=text)
                | Q(name_en__icontains=text)
                | Q(short_name__icontains=text)
            )
        if kind := wanted.get("kind"):
            bodies = bodies.filter(kind=kind)
        return bodies


class SeatFilter(forms.Form):
    """The filter bar above the seats of a body. Every field is optional."""

    q = forms.CharField(label=_("Search"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("All")), *SeatRole.choices], required=False
    )

    def apply(self, seats: SeatQuerySet) -> SeatQuerySet:
        """Narrow the seats; a wrong value in the address bar narrows nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            seats = seats.filter(Q(name__icontains=text) | Q(organisation__name__icontains=text))
        if role := wanted.get("role"):
            seats = seats.filter(role=role)
        return seats


class BodyForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """A body."""

    class Meta:
        model = Body
        fields = ["name_de", "name_en", "short_name", "kind"]
        help_texts = {
            "name_de": _("So it stands on the public pages and on the handout."),
            "short_name": _("Where there is little room, for example “ESG”."),
        }
        error_messages = {"name_de": {"unique": _("There is already a body with this name.")}}

    names = tuple(Meta.fields)


class SeatForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """Who sits in the body; a seat cannot end before it starts."""

    class Meta:
        model = Seat
        fields = [
            "name",
            "email",
            "organisation",
            "role",
            "has_vote",
            "valid_from",
            "valid_to",
            "user",
        ]
        widgets = {"valid_from": DayInput(), "valid_to": DayInput()}
        labels = {"user": _("User account")}
        help_texts = {
            "email": _("For the personal link to vote."),
            "valid_to": _("Leave empty if the end is open."),
            "user": _("If this person also signs in here."),
        }

    names = tuple(Meta.fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, organisations = self.fields["user"], self.fields["organisation"]
        if isinstance(people, forms.ModelChoiceField):
            # An account that was deactivated meanwhile stays with its seat.
            own = Q(is_active=True) | Q(pk=self.instance.user_id)
            people.queryset = User.objects.filter(own).order_by("name", "email")
            people.empty_label = str(_("no account"))
        if isinstance(organisations, forms.ModelChoiceField):
            organisations.queryset = Organisation.objects.order_by("name")
            organisations.empty_label = str(_("none"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts_on, ends_on = values.get("valid_from"), values.get("valid_to")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("valid_to", str(EndsBeforeItBeginsError(starts_on)))
        return values


class EndSeatForm(forms.Form):
    """The last day of a seat."""

    on = forms.DateField(label=_("Last day"), widget=DayInput())
