"""Contacts on the pages: both sides of a merge are shown, merging by hand, undoing, an opt-out."""

from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi

TENANT = "/v1/tenants/t1"


def test_parked_merge_shows_both_sides(open_page: OpenPage, fake: FakeApi) -> None:
    shown = texts(open_page("contacts", "en", view="merges"))
    assert r"a\*\*\*\@example.com" in shown
    assert shown.count("1 orders worth ¥128.00") == 2


def test_rejecting_says_what_follows(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("contacts", "en", view="merges")
    app.button(key="reject_m1").click().run()
    assert "proposes no merge again" in texts(app)
    app.button(key="sure").click().run()
    assert fake.sent == [("POST", f"{TENANT}/merges/m1/reject", {})]


def test_two_are_merged_by_hand(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("contacts", "zh", contact="n1")
    app.text_input(key="join_q_0").input("#18").run()
    app.button(key="join_contacts").click().run()
    assert "联系人 18 将并入联系人 17，带去 1 次触点和 1 个订单（¥128.00）" in texts(app)
    app.button(key="sure").click().run()
    assert fake.sent == [("POST", f"{TENANT}/contacts/n2/merge", {"into": "n1"})]
    assert len(fake.keys[0]) == 32


def test_other_may_be_the_one_that_stays(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("contacts", "zh", contact="n1")
    app.text_input(key="join_q_0").input("#18").run()
    app.radio(key="stays_n2").set_value("n2").run()
    app.button(key="join_contacts").click().run()
    app.button(key="sure").click().run()
    assert fake.sent == [("POST", f"{TENANT}/contacts/n1/merge", {"into": "n2"})]


def test_undo_names_who_parts(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("contacts", "en", contact="n1")
    app.button(key="undo_m1").click().run()
    assert "parts from contact 1" in texts(app)
    app.button(key="sure").click().run()
    assert fake.sent == [("POST", f"{TENANT}/merges/m1/undo", {})]


def test_opt_out_is_noted_for_everything(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("contacts", "en", contact="n1")
    app.button(key="opt_out").click().run()
    app.button(key="sure").click().run()
    (_, path, body) = fake.sent[0]
    assert path == f"{TENANT}/contacts/n1/consent"
    assert (body["granted"], body["medium"], body["purpose"]) == (False, "*", "*")


def test_person_is_erased_once_typed(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("contacts", "en", contact="n1")
    app.button(key="erase").click().run()
    assert "identities, profile, tags" in texts(app)
    assert app.button(key="sure").disabled
    app.text_input[-1].input("17").run()
    app.button(key="sure").click().run()
    assert [(verb, path) for verb, path, _ in fake.sent] == [("POST", f"{TENANT}/contacts/n1/erase")]


def test_erased_contact_says_since_when(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("contacts", "en", contact="n9")
    assert "was erased on" in texts(app)
    assert not [button for button in app.button if button.key in ("erase", "join_contacts")]


def test_operator_may_not_erase(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_operator"
    app = open_page("contacts", "en", contact="n1")
    assert not [button for button in app.button if button.key == "erase"]


def test_viewer_of_contacts_may_not_merge(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "agency_analyst"
    app = open_page("contacts", "en", contact="n1")
    assert not app.text_input
    assert not [button for button in app.button if str(button.key).startswith(("undo", "join", "opt"))]


def test_long_list_goes_on(open_page: OpenPage, fake: FakeApi) -> None:
    fake.next = "c-50"
    app = open_page("contacts", "en")
    assert "there are more" in texts(app)
    app.button(key="more_contacts_button").click().run()
    assert "cursor=c-50" in fake.asked[-1]
    assert "The first 4 are shown" in texts(app)
