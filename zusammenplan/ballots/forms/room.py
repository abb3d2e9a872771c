"""What a voter types beside marks: an additional measure."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ProposalForm(forms.Form):
    """An additional measure proposed during the vote."""

    title = forms.CharField(
        label=_("What should be done?"),
        help_text=_("One sentence, as it could stand on the ballot."),
        max_length=400,
    )
    text = forms.CharField(
        label=_("Why? What would change?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
