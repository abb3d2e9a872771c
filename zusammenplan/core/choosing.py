"""Choose records out of many: form fields that know groups, show a part of a list, give records."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

# A list shows so many entries at a time; whoever wants others looks for them or turns the page.
LISTED = 100
LAST_PAGE = 1000
# As many digits as the key of a record has at most.
LONGEST_KEY = 18
LONGEST_WORD = 100
# The button with this name asks for another part of a list; its value is "field:page".
LOOK = "look"
BESIDE = _("Picked, not in this part of the list")
NOT_THERE = _("One of the picked entries is no longer there. Check what is picked.")


def offer_records(form: forms.BaseForm, name: str, records: QuerySet[Any]) -> None:
    """Set from which records a field of a form lets choose."""
    field: Any = form.fields[name]
    field.queryset = records


def offer_choices(
    form: forms.BaseForm, name: str, choices: Iterable[Any] | Callable[[], Iterable[Any]]
) -> None:
    """Set what a field of a form lets choose, as pairs of value and label."""
    field: Any = form.fields[name]
    field.choices = choices


class _Offering:
    """What the fields for one record and for several share: the records that can be picked."""

    choices: Any
    # What stands first where one may pick nothing by a box of its own.
    empty_label: Any = None

    def __init__(self, *, label: Any, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, required=False)  # type: ignore[call-arg] # Django's field comes next
        self.records: dict[str, Any] = {}
        self.groups: dict[str, list[tuple[str, str]]] = {}
        self.name_of: Callable[[Any], str] = str
        self.part = Part()

    def offer(self, records: Iterable[tuple[str, Any]]) -> None:
        """Set what can be picked, as pairs of group and record."""
        self.records, self.groups = {}, {}
        for group, record in records:
            key = str(record.pk)
            self.records[key] = record
            self.groups.setdefault(group, []).append((key, self.name_of(record)))
        entries = [entry for group in self.groups.values() for entry in group]
        self.choices = entries if self.empty_label is None else [("", self.empty_label), *entries]

    def names(self, keys: Sequence[Any]) -> list[str]:
        """Give the names of the records with these keys, also of those on no shown page."""
        wanted = [str(key) for key in keys]
        if self.part.everything is not None and not self.records.keys() >= set(wanted):
            far = self.part.everything.filter(pk__in=keys_in(wanted))
            self.records |= {str(record.pk): record for record in far}
        return [str(self.records[key]) for key in wanted if key in self.records]


class RecordsField(_Offering, forms.MultipleChoiceField):
    """
    Several of the given records; the template writes it with ``{% choose form.field %}``.

    The records are set by the form, in the order in which they shall stand, each with the name of
    its group or none.
    """

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": NOT_THERE}

    def clean(self, value: Any) -> list[Any]:
        return [self.records[key] for key in dict.fromkeys(super().clean(value))]

    def prepare_value(self, value: Any) -> Any:
        return [getattr(one, "pk", one) for one in _several(value)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {str(key) for key in self.prepare_value(initial)}
        return before != {str(key) for key in _several(data)}


class RecordField(_Offering, forms.ChoiceField):
    """One of the given records or none; written and set like a ``RecordsField``."""

    widget = forms.RadioSelect
    default_error_messages = {"invalid_choice": NOT_THERE}
    empty_label: Any = _("none")

    def clean(self, value: Any) -> Any:
        return self.records.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a long list that a page shows."""

    word: str = ""
    page: int = 1
    has_more: bool = False
    # Whether somebody asked for just this part now.
    is_asked: bool = False
    finds_nothing: bool = False
    # All records of the list; none where the field shows them all anyway.
    everything: QuerySet[Any] | None = None

    @property
    def is_all(self) -> bool:
        return not (self.word or self.has_more or self.page > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongList:
    """Records of which a page shows a part: ``near`` ones first, or those with a word in them."""

    records: QuerySet[Any]
    found: Callable[[str], Q]
    near: Q | None = None
    group: Callable[[Any], str] = lambda _record: ""
    # In which order those of a page stand.
    arrange: Callable[[list[Any]], Iterable[Any]] = iter


def typed_to_look(form: forms.BaseForm) -> Mapping[str, Any]:
    """
    Give what was sent with the form; if it asks for another part of a list, the form is not final.

    Such a form shows everything as it was typed, is checked by nothing and never valid. So it can
    be sent without JavaScript, and whatever was typed or picked comes back.
    """
    sent: Mapping[str, Any] = form.data
    if form.is_bound and LOOK in sent:
        form.initial = {**form.initial, **{name: form[name].data for name in form.fields}}
        form.is_bound = False
    return sent


def offer_part(form: forms.BaseForm, name: str, sent: Mapping[str, Any], of: LongList) -> None:
    """Offer a part of a long list, and with it all that is picked: nothing is lost by saving."""
    field = form.fields[name]
    if not isinstance(field, _Offering):
        raise TypeError("A part of a list is for a RecordsField or a RecordField")
    picked = keys_in(_several(form[name].value()))
    asked, _colon, wanted = str(sent.get(LOOK, "")).partition(":")
    is_asked = asked == name
    word = " ".join(str(sent.get(f"{name}_q", "")).split())[:LONGEST_WORD]
    page = _page(wanted if is_asked else str(sent.get(f"{name}_page", "")))
    listed = of.records.filter(of.found(word)) if word else of.records
    if of.near is not None:
        first = Case(When(of.near, then=Value(0)), default=Value(1))
        listed = listed.order_by(first, *listed.query.order_by)
    # Only the keys are put in order with all; the same two questions wherever the picked ones lie.
    keys = list(listed.values_list("pk", flat=True)[(page - 1) * LISTED : page * LISTED + 1])
    shown = keys[:LISTED]
    known = of.records.in_bulk({*shown, *picked})
    elsewhere = known.keys() - set(shown)
    field.part = Part(word, page, len(keys) > LISTED, is_asked, not keys, of.records)
    field.offer(
        [
            *((str(BESIDE), record) for key, record in known.items() if key in elsewhere),
            *((of.group(record), record) for record in of.arrange([known[key] for key in shown])),
        ]
    )


def offer_besides(form: forms.BaseForm, picked: Mapping[str, Sequence[str]]) -> None:
    """Offer what somebody had picked, too, where it lies in no shown part of a long list."""
    for name, field in form.fields.items():
        if not isinstance(field, _Offering) or field.part.everything is None:
            continue
        missing = keys_in(picked.get(name, ())) - keys_in(field.records)
        if missing:
            shown = [
                (group, field.records[key])
                for group, entries in field.groups.items()
                for key, _label in entries
            ]
            found = field.part.everything.filter(pk__in=missing)
            field.offer([*((str(BESIDE), record) for record in found), *shown])


def _several(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, (list, tuple, set)) else [value]


def key_in(text: str) -> int | None:
    """Give the key of a record that the text is; a longer number is none in any database."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None


def keys_in(values: Iterable[Any]) -> set[int]:
    """Give what can be keys of records."""
    return {key for value in values if (key := key_in(str(value))) is not None}


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1  # noqa: PLR2004 - as above
