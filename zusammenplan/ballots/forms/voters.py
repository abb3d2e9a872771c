"""What planners type for voters and their links."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.ballots.models import Group, Voter
from zusammenplan.core.inputs import DayInput, SeveralRecordsField
from zusammenplan.people.models import User

LINK_DAYS = 14
LINK_DAYS_AT_MOST = 366


class VoterForm(forms.Form):
    """One more person on the list of voters."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("For sending the personal link.")
    )
    user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("User account"),
        required=False,
        empty_label=_("no account"),
        help_text=_("Whoever has an account can also vote after signing in."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = self.fields["user"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(is_active=True).order_by("name", "email")


class LinksForm(forms.Form):
    """For whom personal links are made, how long they work, and how they are handed over."""

    voters = SeveralRecordsField(
        Voter.objects.none(),
        label=_("Voters"),
        error_messages={"required": _("Choose at least one person.")},
    )
    until = forms.DateField(
        label=_("Links work until"),
        error_messages={"required": _("Please say until when the links work.")},
        widget=DayInput(),
        help_text=_("The whole day is included."),
    )
    deed = forms.ChoiceField(choices=[("mail", "mail"), ("show", "show"), ("revoke", "revoke")])

    def __init__(self, data: QueryDict | None = None, *, group: Group, now: datetime) -> None:
        last = group.closes_at or now + timedelta(days=LINK_DAYS)
        super().__init__(data, initial={"until": localtime(last).date()})
        self.now = now
        field = self.fields["voters"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = group.voters.select_related("invitation", "user").order_by("name")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("deed") != "revoke" and "until" not in self.errors:
            self._clean_end(values)
        return values

    def _clean_end(self, values: dict[str, Any]) -> None:
        until = values.get("until")
        today = localtime(self.now).date()
        if until is None:
            return
        if until < today:
            self.add_error("until", gettext("The day must not lie in the past."))
        elif until > today + timedelta(days=LINK_DAYS_AT_MOST):
            self.add_error("until", gettext("A personal link works for a year at most."))
        else:
            midnight = datetime.combine(until + timedelta(days=1), time())
            values["expires_at"] = timezone.make_aware(midnight)
