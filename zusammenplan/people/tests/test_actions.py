"""Tests of what writes people."""

from datetime import date, timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress

from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.tests.races import Race
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.people.actions import (
    EmailTakenError,
    LastAdministratorError,
    LinkError,
    LinkExpiredError,
    LinkRevokedError,
    LinkUnknownError,
    LinkUsedError,
    NameTakenError,
    accept_invitation,
    add_affiliation,
    change_organisation,
    change_roles,
    change_user,
    create_organisation,
    create_user,
    deactivate_user,
    end_affiliation,
    invite,
    invite_user,
    open_invitation,
    organisation_named,
    reactivate_user,
    remove_second_factor,
    revoke_invitation,
    set_password,
    use_invitation,
)
from zusammenplan.people.choices import InvitationPurpose, OrganisationKind, Role
from zusammenplan.people.models import Invitation, MunicipalRole, Organisation, User
from zusammenplan.people.queries import user_changes
from zusammenplan.people.tests.factories import (
    NOW,
    make_administrator,
    make_organisation,
    make_user,
)

LATER = NOW + timedelta(days=7)
VOTE, ACCOUNT = InvitationPurpose.VOTE, InvitationPurpose.ACCOUNT

pytestmark = pytest.mark.django_db


def test_invite_stores_the_hash_and_never_the_token() -> None:
    invitation, token = invite(purpose=VOTE, expires_at=LATER, by=None, now=NOW)

    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(stored)
    assert open_invitation(token, purpose=VOTE, now=NOW) == invitation


def test_a_voting_link_opens_again_and_again_until_it_expires() -> None:
    _invitation, token = invite(purpose=VOTE, expires_at=LATER, by=None, now=NOW)

    for day in range(7):
        open_invitation(token, purpose=VOTE, now=NOW + timedelta(days=day))
    with pytest.raises(LinkExpiredError, match=r"."):
        open_invitation(token, purpose=VOTE, now=LATER)


def test_a_link_opens_only_for_its_own_purpose() -> None:
    _invitation, token = invite(purpose=VOTE, expires_at=LATER, by=None, now=NOW)

    with pytest.raises(LinkUnknownError):
        open_invitation(token, purpose=ACCOUNT, now=NOW)


def test_a_guessed_link_is_not_known() -> None:
    with pytest.raises(LinkUnknownError):
        open_invitation("erraten", purpose=VOTE, now=NOW)


def test_a_revoked_link_opens_no_more_and_keeps_who_revoked_it_first() -> None:
    first, second = make_administrator(), make_administrator()
    invitation, token = invite(purpose=VOTE, expires_at=LATER, by=None, now=NOW)

    revoke_invitation(invitation, by=first, now=NOW)
    revoke_invitation(invitation, by=second, now=LATER)

    assert (invitation.revoked_by, invitation.revoked_at) == (first, NOW)
    with pytest.raises(LinkRevokedError):
        open_invitation(token, purpose=VOTE, now=NOW)


def test_an_account_link_works_once() -> None:
    user = make_user()
    invitation, token = invite_user(user, expires_at=LATER, by=None, now=NOW)

    accept_invitation(invitation, password="ein langer Satz im Mai", now=NOW)

    user.refresh_from_db()
    assert user.check_password("ein langer Satz im Mai")
    with pytest.raises(LinkUsedError):
        open_invitation(token, purpose=ACCOUNT, now=NOW)
    with pytest.raises(LinkUsedError):
        accept_invitation(invitation, password="noch ein langer Satz", now=NOW)


def test_a_link_that_belongs_to_nobody_sets_no_password() -> None:
    invitation, _token = invite(purpose=ACCOUNT, expires_at=LATER, by=None, now=NOW)

    with pytest.raises(LinkUnknownError):
        accept_invitation(invitation, password="ein langer Satz im Mai", now=NOW)


def test_a_voting_link_marked_as_used_twice_is_refused() -> None:
    invitation, token = invite(purpose=VOTE, expires_at=LATER, by=None, now=NOW)

    use_invitation(invitation, now=NOW)

    with pytest.raises(LinkUsedError):
        use_invitation(invitation, now=NOW)
    assert open_invitation(token, purpose=VOTE, now=NOW) == invitation


def test_an_account_link_cannot_be_used_after_its_time() -> None:
    invitation, _token = invite_user(make_user(), expires_at=LATER, by=None, now=NOW)

    with pytest.raises(LinkExpiredError):
        use_invitation(invitation, now=LATER)


def test_a_new_account_link_closes_the_older_one() -> None:
    user = make_user()
    _first, old_token = invite_user(user, expires_at=LATER, by=None, now=NOW)

    _second, new_token = invite_user(user, expires_at=LATER, by=None, now=NOW)

    with pytest.raises(LinkRevokedError):
        open_invitation(old_token, purpose=ACCOUNT, now=NOW)
    assert open_invitation(new_token, purpose=ACCOUNT, now=NOW).user == user


def test_a_new_password_closes_links_that_would_set_another() -> None:
    user = make_user()
    _invitation, token = invite_user(user, expires_at=LATER, by=None, now=NOW)

    set_password(user, password="ein langer Satz im Mai", by=user, now=NOW)

    with pytest.raises(LinkRevokedError):
        open_invitation(token, purpose=ACCOUNT, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_wins() -> None:
    invitation, _token = invite_user(make_user(), expires_at=LATER, by=None, now=NOW)
    links = [Invitation.objects.get(pk=invitation.pk) for _number in range(2)]

    outcomes = Race(LinkError).at_once(*(partial(use_invitation, link, now=NOW) for link in links))

    assert set(outcomes) == {None, LinkUsedError}


def test_create_user_confirms_the_address_and_notes_who_gave_which_role() -> None:
    administrator = make_administrator()

    user = create_user(
        " Ada.Berg@Rennsteiggrund.example ",
        name="Ada Berg",
        roles=[Role.PLANNER],
        by=administrator,
    )

    assert user.email == "ada.berg@rennsteiggrund.example"
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert user_changes(user)[-1].who == "Jost Amthor"
    assert user.is_planner


def test_create_user_refuses_an_address_that_is_taken() -> None:
    make_user(email="ada@rennsteiggrund.example")

    with pytest.raises(EmailTakenError):
        create_user("ADA@rennsteiggrund.example", name="Ada", roles=[], by=None)


def test_change_user_keeps_the_old_name_in_the_history() -> None:
    user = create_user("ada@rennsteiggrund.example", name="Ada Berg", roles=[], by=None)

    change_user(user, name="Ada Thal", language="en", by=user)

    newest = changes(user)[0]
    assert (newest.changes[0].old, newest.changes[0].new) == ("Ada Berg", "Ada Thal")


def test_change_roles_gives_exactly_these() -> None:
    make_administrator()
    user = make_user(Role.PLANNER, Role.READER)

    user = change_roles(user, [Role.READER, Role.FINANCE], by=None)

    assert user.role_names == {"reader", "finance"}
    assert MunicipalRole.history.filter(user_id=user.pk, history_type="-").count() == 1


def test_an_administrator_may_take_on_another_role() -> None:
    administrator = make_administrator()

    changed = change_roles(administrator, [Role.ADMINISTRATOR, Role.PLANNER], by=administrator)

    assert changed.is_administrator
    assert changed.is_planner


def test_the_last_administrator_stays() -> None:
    administrator = make_administrator()
    make_administrator(is_active=False)

    with pytest.raises(LastAdministratorError):
        change_roles(administrator, [Role.READER], by=administrator)
    with pytest.raises(LastAdministratorError):
        deactivate_user(administrator, by=administrator, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_deactivate_each_other_at_once_leave_one() -> None:
    one, other = make_administrator(), make_administrator()

    first, second = Race(LastAdministratorError).overlapping(
        lambda: deactivate_user(User.objects.get(pk=one.pk), by=other, now=NOW),
        lambda: deactivate_user(User.objects.get(pk=other.pk), by=one, now=NOW),
    )

    assert (first, second) == (None, LastAdministratorError)
    assert User.objects.filter(is_active=True, roles__role=Role.ADMINISTRATOR).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_name_or_address_at_once_one_is_told() -> None:
    email = "ada@rennsteiggrund.example"

    names = Race(NameTakenError).overlapping(
        lambda: create_organisation("Jugendamt", by=None),
        lambda: create_organisation("Jugendamt", by=None),
    )
    addresses = Race(EmailTakenError).overlapping(
        lambda: create_user(email, name="Ada", roles=[], by=None),
        lambda: create_user(email, name="Ada", roles=[], by=None),
    )

    assert (names, addresses) == ((None, NameTakenError), (None, EmailTakenError))


def test_a_deactivated_user_opens_no_link_until_reactivated() -> None:
    make_administrator()
    user = make_user()
    _invitation, vote_token = invite(purpose=VOTE, expires_at=LATER, by=None, now=NOW, user=user)
    _account, token = invite_user(user, expires_at=LATER, by=None, now=NOW)

    deactivate_user(user, by=None, now=NOW)

    for given, purpose in ((token, ACCOUNT), (vote_token, VOTE)):
        with pytest.raises(LinkRevokedError):
            open_invitation(given, purpose=purpose, now=NOW)
    reactivate_user(user, by=None)
    assert open_invitation(vote_token, purpose=VOTE, now=NOW).user == user


def test_remove_second_factor_is_noted() -> None:
    user = make_user()

    remove_second_factor(user, by=make_administrator())

    assert changes(user)[0].who == "Jost Amthor"


def test_create_organisation_refuses_a_name_twice() -> None:
    create_organisation("Jugendamt", by=None)

    with pytest.raises(NameTakenError):
        create_organisation("  Jugendamt ", by=None)


def test_change_organisation_tells_the_second_editor() -> None:
    organisation = make_organisation(name="Jugendamt")
    seen = organisation.version
    change_organisation(organisation, {"name": "Amt für Jugend"}, seen_version=seen, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_organisation(
            Organisation.objects.get(), {"name": "Jugend"}, seen_version=seen, by=None
        )

    assert Organisation.objects.get().name == "Amt für Jugend"


def test_change_organisation_refuses_the_name_of_another() -> None:
    make_organisation(name="Jugendamt")
    other = make_organisation(name="Sozialamt")

    with pytest.raises(NameTakenError):
        change_organisation(other, {"name": "Jugendamt"}, seen_version=1, by=None)


def test_organisation_named_finds_before_it_adds() -> None:
    found = make_organisation(name="Kreisseniorenbüro")

    assert organisation_named("  Kreisseniorenbüro", by=None) == found
    added = organisation_named("Neues Amt", OrganisationKind.OFFICE, by=None)
    assert (added.name, added.kind) == ("Neues Amt", "office")


def test_an_affiliation_ends_not_before_it_starts() -> None:
    user, organisation = make_user(), make_organisation()

    with pytest.raises(EndsBeforeItBeginsError):
        add_affiliation(
            user,
            organisation,
            valid_from=date(2027, 3, 1),
            valid_to=date(2027, 2, 1),
            by=None,
        )
    affiliation = add_affiliation(user, organisation, valid_from=date(2027, 3, 1), by=None)
    with pytest.raises(EndsBeforeItBeginsError):
        end_affiliation(affiliation, on=date(2027, 2, 28), by=None)

    end_affiliation(affiliation, on=date(2027, 3, 31), by=None)

    assert user.affiliations.valid_on(date(2027, 3, 31)).exists()
    assert not user.affiliations.valid_on(date(2027, 4, 1)).exists()


def test_the_address_is_the_name_whatever_its_case() -> None:
    user = make_user(email="ada@rennsteiggrund.example")

    assert User.objects.get_by_natural_key("ADA@Rennsteiggrund.example") == user
