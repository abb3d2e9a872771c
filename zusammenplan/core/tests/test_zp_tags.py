"""The template tags of the house."""

from typing import Any

import pytest
from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path as url_path
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import override

from zusammenplan.core.german import MARK, either, is_german, like, marked
from zusammenplan.core.pictures import GroupMarks, mirror_histogram
from zusammenplan.core.templatetags import zp


def plan(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


urlpatterns = i18n_patterns(url_path("plan/", plan, name="plan"), prefix_default_language=False)


class MeasureForm(forms.Form):
    title = forms.CharField(label="Titel", help_text="Höchstens 120 Zeichen.")
    ends_on = forms.DateField(label="Ende", required=False)
    open_vote = forms.ChoiceField(
        label="Art", choices=[("o", "offen"), ("g", "geheim")], widget=forms.RadioSelect
    )
    checked = forms.BooleanField(label="Das Ergebnis ist geprüft.")
    table = forms.FileField(label="Tabelle", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("Der Plan ist schon beschlossen.")


def render(source: str, path: str = "/komponenten/", **context: Any) -> str:
    request = RequestFactory().get(path)
    return Template("{% load zp %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [("de", 1.5, "1,5"), ("en", 1.5, "1.5"), ("de", None, "\N{EN DASH}"), ("de", 2, "2")],
)
def test_degree_is_written_in_the_language_of_the_page(
    language: str, value: float | None, text: str
) -> None:
    with override(language):
        assert zp.degree(value) == text


@pytest.mark.parametrize(
    ("language", "english", "is_said"),
    [("en", "", True), ("en", "Talk", False), ("de", "", False), ("de", "Talk", False)],
)
def test_a_german_text_in_an_english_page_says_that_it_is_german(
    language: str, english: str, *, is_said: bool
) -> None:
    text = either("Gespräch & Rat", english, language)
    shown = str(text)

    with override(language):
        assert (render("<p{% lang_of text %}>", text=text) == '<p lang="de">') == is_said
        assert render("{{ text|spoken }}", text=text) == (
            '<span lang="de">Gespräch &amp; Rat</span>' if is_said else escape(shown)
        )
        assert is_german(str(like(text, f"7 {text}"))) == is_said
    assert (marked({"a": [text]}) == {"a": [f"{MARK}{shown}"]}) == is_said


def test_priority_mark_is_kept_per_language() -> None:
    with override("de"):
        assert "1,5" in zp.priority_mark(1.5)
    with override("en"):
        assert "1.5" in zp.priority_mark(1.5)


def test_priority_mark_tells_screen_readers_that_there_is_no_priority() -> None:
    with override("en"):
        mark = zp.priority_mark(None, 1, 6, "small")

    assert "No priority" in mark
    assert "zp-prio--none zp-prio--small" in mark
    assert "is-on" not in mark


def test_history_begins_each_changed_field_with_a_capital() -> None:
    entry = {"what": "Meilenstein verschoben", "changes": [{"label": "fällig", "new": "Mai"}]}

    page = render_to_string("components/log.html", {"entries": [entry]})

    assert "<br>Fällig: <ins>Mai</ins>" in page


def test_status_sign_escapes_its_label() -> None:
    assert "&lt;b&gt;" in zp.status_sign("running", "<b>")


def test_status_sign_of_an_unknown_status_is_that_of_a_planned_one() -> None:
    assert "zp-status--planned" in zp.status_sign("neu", "neu")


def test_steps_bar_says_how_many_of_how_many() -> None:
    with override("en"):
        assert "2 of 5" in render("{% steps_bar 2 5 %}")


def test_mirror_histogram_carries_its_text() -> None:
    picture = mirror_histogram(range(1, 7), [GroupMarks("extern", {1: 2}, 1)], 1)

    html = render('{% mirror_histogram picture "extern: Note 1: 2" %}', picture=picture)

    assert 'aria-label="extern: Note 1: 2"' in html
    assert "style=" not in html


def test_mirror_histogram_of_three_groups_is_one_picture_to_screen_readers() -> None:
    groups = [GroupMarks(name, {1: 1}, 1) for name in ("extern", "intern", "<jung>")]
    picture = mirror_histogram(range(1, 7), groups, 1)

    html = render('{% mirror_histogram picture "drei Gruppen" %}', picture=picture)

    assert html.count('role="img"') == 1
    assert "&lt;jung&gt;" in html


def test_field_ties_hint_and_error_to_the_input() -> None:
    form = MeasureForm({"title": ""})

    html = zp.field(form["title"])

    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_field_that_may_stay_empty_says_so() -> None:
    with override("en"):
        assert "(optional)" in zp.field(MeasureForm()["ends_on"])
        assert "(optional)" not in zp.field(MeasureForm()["title"])


def test_field_of_a_filter_does_not_say_that_it_is_optional() -> None:
    with override("en"):
        assert "(optional)" not in zp.field(MeasureForm()["ends_on"], hide_optional=True)


def test_field_of_several_choices_is_a_group_with_a_legend() -> None:
    html = zp.field(MeasureForm()["open_vote"])

    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_field_of_one_box_has_the_label_behind_it() -> None:
    html = zp.field(MeasureForm()["checked"])

    assert html.index('type="checkbox"') < html.index("Das Ergebnis ist geprüft.")


def test_hidden_field_has_no_label() -> None:
    assert "<label" not in zp.field(MeasureForm()["secret"])


def test_form_is_written_with_the_fields_of_the_house() -> None:
    html = str(MeasureForm())

    assert html.count("zp-field") >= 4
    assert 'class="zp-input"' in html


def test_form_errors_lead_to_the_fields() -> None:
    form = MeasureForm({"title": "", "checked": ""})

    html = render("{% form_errors form %}", form=form)

    assert 'href="#id_title"' in html
    assert 'href="#id_open_vote_0"' in html
    assert "Der Plan ist schon beschlossen." in html
    assert "Das Ergebnis ist geprüft.:" not in html


def test_form_errors_of_an_unsent_form_are_silent() -> None:
    assert render("{% form_errors form %}", form=MeasureForm()).strip() == ""


def test_query_replace_keeps_the_other_filters() -> None:
    html = render('{% query_replace page=3 q="" %}', path="/?q=Pflege&status=running&page=2")

    assert html == "?status=running&amp;page=3"


def test_query_replace_survives_a_page_without_request() -> None:
    assert zp.query_replace({}, page=2) == "?page=2"


def test_pagination_leads_through_the_pages_and_keeps_filters() -> None:
    page = Paginator(range(312), 20).get_page(3)

    with override("en"):
        html = render("{% pagination page %}", path="/?q=Pflege&page=3", page=page)

    assert "41 to 60 of 312" in html
    assert 'href="?q=Pflege"' in html
    assert 'href="?q=Pflege&amp;page=4"' in html
    assert 'aria-current="page"' in html
    assert "…" in html


def test_pagination_of_one_page_is_silent() -> None:
    page = Paginator(range(3), 20).get_page(1)

    assert render("{% pagination page %}", page=page).strip() == ""


@pytest.mark.parametrize(
    ("current", "url", "sorted_as"),
    [("title", "?sort=-title", "ascending"), ("-title", "?sort=title", "descending")],
)
def test_sort_link_turns_the_order(current: str, url: str, sorted_as: str) -> None:
    html = render('{% sort_link "Titel" "title" current %}', current=current)

    assert f'href="{url}"' in html
    assert zp.aria_sort("title", current) == f' aria-sort="{sorted_as}"'


def test_a_list_is_sorted_by_a_form_that_keeps_its_filter(rf: RequestFactory) -> None:
    html = render(
        '{% sort_form current "#list" title="Titel" number="Nr." %}',
        current="-title",
        request=rf.get("/liste/?q=Rat&feld=1&feld=2&sort=title&page=3"),
    )

    assert '<option value="-title" selected>Titel, absteigend</option>' in html
    assert '<option value="number">Nr., aufsteigend</option>' in html
    assert html.count('type="hidden"') == 3
    assert 'name="page"' not in html
    assert 'action="/liste/"' in html


def test_column_that_is_not_sorted_says_nothing() -> None:
    assert zp.aria_sort("title", "number") == ""


def test_language_url_survives_a_page_without_request() -> None:
    assert zp.language_url({}, "en") == ""


@pytest.mark.urls(__name__)
def test_language_url_of_a_page_in_one_language_is_empty() -> None:
    assert render('{% language_url "en" %}', path="/gibt/es/nicht/") == ""


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("here", "language", "there"),
    [("/plan/?q=a", "en", "/en/plan/?q=a"), ("/en/plan/", "de", "/plan/")],
)
def test_language_url_gives_the_same_page_in_the_other_language(
    here: str, language: str, there: str
) -> None:
    with override("de" if language == "en" else "en"):
        assert render("{% language_url language %}", path=here, language=language) == there


def test_rows_are_written_as_a_loop_would_write_them() -> None:
    rows = [("a&b", SafeString("<b>1 %</b>"), 3), ("{{ x }}", SafeString("%s"), None)]
    body = '<li title="{{ name }} 100 %">{{ mark }}{{ name }} {{ outer }}</li>'

    fast = Template(f"{{% load rows %}}{{% rows rows as name mark %}}{body}{{% endrows %}}")
    loop = Template(f"{{% for name, mark, last in rows %}}{body}{{% endfor %}}")

    context = Context({"rows": rows, "outer": "<Ort>"})
    assert fast.render(context) == loop.render(context)
    assert fast.render(Context({"rows": []})) == ""


def test_rows_without_names_are_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load rows %}{% rows rows %}{% endrows %}")
