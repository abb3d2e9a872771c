"""What people type about target groups and life situations."""

from django import forms
from django.utils.translation import gettext_lazy

from zusammenplan.plans.forms.base import RecordForm


class TermForm(RecordForm):
    """A term, in both languages."""

    name_de = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=120)
    names = ("name_de", "name_en")
