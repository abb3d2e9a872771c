"""What people type: signing in, the own account, users, organisations, the municipality."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.choosing import offer_choices
from zusammenplan.core.colours import LEAST_CONTRAST, contrast_with_white, is_colour
from zusammenplan.core.forms import VersionedForm
from zusammenplan.core.inputs import DayInput, ObjectField, UploadField
from zusammenplan.core.links import token_hash
from zusammenplan.core.models import Municipality
from zusammenplan.core.numbers import decimal_text
from zusammenplan.core.picture_files import PICTURE_BYTES, PictureRefusedError, check_picture
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.people.choices import AffiliationRole, OrganisationKind, Role
from zusammenplan.people.models import Affiliation, Organisation, User
from zusammenplan.people.queries import organisation_words

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PASSWORD_HINT = _("At least 12 characters. A sentence that only you know is easy to remember.")
CODE_HINT = _("Six digits from your app, or one of your recovery codes.")


def _plain(form: forms.BaseForm, labels: dict[str, Any], hints: dict[str, Any]) -> None:
    """Give allauth's fields our labels and hints; a placeholder is no label."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        field.help_text = hints.get(name, "")


# --- signing in (allauth's forms in our words) -------------------------------------------


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"login": _("E-mail address"), "password": _("Password")}, {})


class ResetPasswordForm(account_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"email": _("E-mail address")}, {})


NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password, once more")}


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, NEW_PASSWORD, {"password1": PASSWORD_HINT})


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": _("Current password"), **NEW_PASSWORD}
        _plain(self, labels, {"password1": PASSWORD_HINT})


class ChangeEmailForm(account_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"email": _("New e-mail address")}, {})


class ReauthenticateForm(account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": _("Password")}, {})


class _CodeOnce(mfa_forms.BaseAuthenticateForm):
    """Takes a code once for as long as it fits; the library forgets one earlier that was used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": _("Code")}, {"code": CODE_HINT})

    def clean_code(self) -> str:
        code = str(super().clean_code())
        fits = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        if not cache.add(token_hash(f"used|{self.user.pk}|{code}"), 1, timeout=fits):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_CodeOnce, mfa_forms.AuthenticateForm):
    """The code after the password."""


class ReauthenticateCodeForm(_CodeOnce, mfa_forms.ReauthenticateForm):
    """The code before something that only the person themselves may do."""


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": _("Code")}, {"code": _("The six digits that your app shows now.")})


UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class _PasskeyAnswer(forms.Form):
    """Refuses politely what no device would answer; the library knows only some of it."""

    credential = ObjectField(widget=forms.HiddenInput)

    def _clean_fields(self) -> None:
        try:
            super()._clean_fields()  # type: ignore[misc] # unknown to the stubs
        except UNREADABLE:
            self._refuse()

    def _clean_form(self) -> None:
        try:
            super()._clean_form()  # type: ignore[misc] # as above
        except UNREADABLE:
            self._refuse()

    def _refuse(self) -> None:
        message = ObjectField.default_error_messages["invalid"]
        self.cleaned_data.pop("credential", None)
        self.add_error("credential", forms.ValidationError(message, code="invalid"))


class LoginPasskeyForm(_PasskeyAnswer, webauthn_forms.LoginWebAuthnForm):
    """A passkey's answer, whatever was sent."""


class AuthenticatePasskeyForm(_PasskeyAnswer, webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey's answer, whatever was sent."""


class ReauthenticatePasskeyForm(_PasskeyAnswer, webauthn_forms.ReauthenticateWebAuthnForm):
    """A passkey's answer, whatever was sent."""


class AddPasskeyForm(_PasskeyAnswer, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            {"name": _("Name"), "passwordless": _("Sign in with this passkey alone")},
            {
                "name": _("So that you recognise it later, for example “Office phone”."),
                "passwordless": _(
                    "Without a password; the device then asks for its PIN, your finger or face."
                ),
            },
        )


class EditPasskeyForm(webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"name": _("Name")}, {})


class FirstPasswordForm(forms.Form):
    """The password that somebody who was invited sets."""

    password1 = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        return values


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """What one says about oneself."""

    name = forms.CharField(label=_("Name"), max_length=120)

    class Meta:
        model = User
        fields = ["name", "language"]


# --- users -------------------------------------------------------------------------------


class UserFilter(forms.Form):
    """The filter bar above the list of users. Every field is optional."""

    q = forms.CharField(label=_("Name or address"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("All")), *Role.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("Access"),
        choices=[("", _("All")), ("active", _("active")), ("off", _("deactivated"))],
        required=False,
    )

    def apply(self, users: QuerySet[User]) -> QuerySet[User]:
        """Narrow the users; a wrong value in the address bar narrows nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            users = users.filter(Q(name__icontains=text) | Q(email__icontains=text))
        if role := wanted.get("role"):
            users = users.filter(roles__role=role)
        if state := wanted.get("state"):
            users = users.filter(is_active=state == "active")
        return users


class RolesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(
            label=_("Roles"),
            choices=Role.choices,
            required=False,
            help_text=_(
                "Without a role, somebody signs in and sees only what they are invited to."
            ),
        )


class NewUserForm(forms.Form):
    """Somebody who shall sign in."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(
        label=_("Language"), choices=[("de", _("German")), ("en", _("English"))]
    )
    roles = RolesField()


class RolesForm(forms.Form):
    """What somebody may do, how they are called, their language."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("de", _("German")), ("en", _("English"))]
    )
    roles = RolesField()
    # Which roles the page showed: another administrator may have changed them since.
    seen = forms.MultipleChoiceField(
        choices=Role.choices, required=False, widget=forms.MultipleHiddenInput
    )

    def roles_from(self, held: Collection[str]) -> set[str]:
        """Give and take what was ticked and unticked; whatever else is held stays."""
        ticked, seen = set(self.cleaned_data["roles"]), set(self.cleaned_data["seen"])
        return (set(held) | (ticked - seen)) - (seen - ticked)


# --- organisations -----------------------------------------------------------------------


class OrganisationFilter(forms.Form):
    """The filter bar above the list of organisations. Every field is optional."""

    q = forms.CharField(label=_("Search"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *OrganisationKind.choices], required=False
    )

    def apply(self, organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Narrow the organisations; a wrong value in the address bar narrows nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            organisations = organisations.filter(organisation_words(text))
        if kind := wanted.get("kind"):
            organisations = organisations.filter(kind=kind)
        return organisations


class OrganisationForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """An organisation; a name that is taken is refused by the action with its own sentence."""

    class Meta:
        model = Organisation
        fields = ["name", "kind", "legal_form", "identifier", "email", "is_charitable"]
        help_texts = {
            "legal_form": _("For example e. V., gGmbH, AöR."),
            "identifier": _("Number in the register of associations or companies."),
        }

    names = tuple(Meta.fields)

    def validate_unique(self) -> None:
        """Leave it to the action, which knows about changes at the same moment."""


class AffiliationForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """Somebody who acts for the organisation."""

    class Meta:
        model = Affiliation
        fields = ["user", "role", "valid_from", "valid_to"]
        widgets = {"valid_from": DayInput(), "valid_to": DayInput()}
        labels = {
            "user": _("Person"),
            "role": _("As"),
            "valid_from": _("From"),
            "valid_to": _("To"),
        }
        help_texts = {"valid_to": _("Leave empty if the end is open.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(is_active=True).order_by("name", "email")
            field.empty_label = str(_("Please choose"))
        offer_choices(self, "role", AffiliationRole.choices)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts_on, ends_on = values.get("valid_from"), values.get("valid_to")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("valid_to", str(EndsBeforeItBeginsError(starts_on)))
        return values


class EndAffiliationForm(forms.Form):
    """The last day of an affiliation."""

    on = forms.DateField(label=_("Last day"), widget=DayInput())


# --- the municipality --------------------------------------------------------------------


PICTURES_ONLY = {"accept": "image/png,image/jpeg,image/webp"}


class MunicipalityForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """The municipality's name, contacts and legal texts."""

    class Meta:
        model = Municipality
        fields = [
            "name",
            "short_name",
            "site_name_de",
            "site_name_en",
            "ags",
            "authority",
            "unit",
            "street",
            "town",
            "phone",
            "email",
            "intro_de",
            "intro_en",
            "imprint_de",
            "imprint_en",
            "privacy_de",
            "privacy_en",
            "accessibility_de",
            "accessibility_en",
            "enforcement_de",
            "enforcement_en",
            "sponsors_de",
            "sponsors_en",
            "accent_colour",
            "document_imprint_de",
            "document_imprint_en",
        ]
        help_texts = {
            "short_name": _("Where there is little room, for example “Rennsteiggrund”."),
            "ags": _(
                "Eight digits, counties five. It tells your own areas in official tables and maps."
            ),
            "unit": _("The office that answers questions, for example “Social planning unit”."),
            "authority": _("For example “Landratsamt Rennsteiggrund”."),
            "sponsors_de": _(
                "Stands on the cover, for example “Freistaat Thüringen”, and tells the picture of "
                "their logos to those who do not see it."
            ),
            "accent_colour": _(
                "For headings, lines and links in PDF and Word, for example #2044aa. It must be "
                "dark enough to be read on white."
            ),
            "document_imprint_de": _("Stands on the last page. Empty: the imprint of the site."),
        }

    names = tuple(Meta.fields)

    logo_file = UploadField(
        label=_("logo on documents"),
        required=False,
        help_text=_("PNG, JPEG or WebP, up to 8 MB. It stands on the cover."),
        widget=forms.FileInput(attrs=PICTURES_ONLY),
    )
    remove_logo = forms.BooleanField(label=_("take the logo away"), required=False)
    sponsor_file = UploadField(
        label=_("logos of those who fund"),
        required=False,
        help_text=_("All in one picture. It stands at the foot of the cover."),
        widget=forms.FileInput(attrs=PICTURES_ONLY),
    )
    remove_sponsor = forms.BooleanField(label=_("take these logos away"), required=False)
    # Which file field fills which picture, and which box takes it away.
    PICTURES: Mapping[str, tuple[str, str]] = {
        "logo": ("logo_file", "remove_logo"),
        "sponsor_logo": ("sponsor_file", "remove_sponsor"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accent_colour"].required = False
        self.own_colour: str = self.instance.accent_colour
        # The pictures that are new, and none for those to be taken away.
        self.pictures: dict[str, tuple[str, bytes] | None] = {}
        for picture, (_file, box) in self.PICTURES.items():
            if not getattr(self.instance, f"{picture}_id"):
                del self.fields[box]
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 8 if not name.startswith("intro") else 4

    def clean_accent_colour(self) -> str:
        colour: str = self.cleaned_data["accent_colour"].strip().lower() or self.own_colour
        if not is_colour(colour):
            raise forms.ValidationError(_("Write the colour as # and six signs, such as #2044aa."))
        if (contrast := contrast_with_white(colour)) < LEAST_CONTRAST:
            raise forms.ValidationError(
                _(
                    "The colour is too light to be read on white: its contrast is %(contrast)s to "
                    "1, at least 4.5 to 1 is needed. Choose a darker one."
                )
                % {"contrast": decimal_text(contrast, places=1)}
            )
        return colour

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for picture, (name, box) in self.PICTURES.items():
            if file := cleaned.get(name):
                self._take_picture(picture, name, file)
            elif cleaned.get(box):
                self.pictures[picture] = None
        has_sponsors = self.pictures.get("sponsor_logo", self.instance.sponsor_logo_id)
        if has_sponsors and not cleaned.get("sponsors_de"):
            self.add_error("sponsors_de", _("Say whose logos these are."))
        return cleaned

    def _take_picture(self, picture: str, name: str, file: "UploadedFile[bytes]") -> None:
        content = file.read(PICTURE_BYTES + 1)
        try:
            check_picture(content)
        except PictureRefusedError as refusal:
            self.add_error(name, str(refusal))
        else:
            self.pictures[picture] = (file.name or "", content)

    def clean_ags(self) -> str:
        ags: str = self.cleaned_data["ags"]
        if ags and not (ags.isdecimal() and len(ags) in {5, 8}):
            raise forms.ValidationError(_("The key has eight digits, that of a county five."))
        return ags
