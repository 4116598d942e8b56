"""Reading and answering in a real Chromium: threads, what is new, places that a reload comes back to, the keyboard."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from workspace_desk import KEY, PLAIN
from workspace_toy import MESSAGE_BLOCKS, button, plain

pytestmark = pytest.mark.browser

MARKETS = "C01MARKETS"
Opener = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, desk) -> Iterator[Opener]:
    """Opens the page for one more person, in a browser of their own."""
    contexts, errors = [], []

    def opening(person: str = "U01ADA", **options) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - Playwright needs a plain function
        context.request.get(f"{desk.url}/?key={KEY}")
        context.request.post(f"{desk.url}/ui/switch", data={"user": person})
        page.goto(desk.url)
        return page

    yield opening
    for each in contexts:
        each.close()
    assert errors == []


@pytest.fixture
def page(opened: Opener) -> Page:
    return opened()


def post(desk, text, **more):
    return desk.api("chat.postMessage", channel=MARKETS, text=text, **more)["ts"]


def message(page: Page | Locator, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)


def thread(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Thread")


def reply_box(page: Page) -> Locator:
    return thread(page).get_by_role("textbox", name="Reply to thread in #markets")


def open_thread(page: Page, text: str) -> None:
    message(page, text).hover()
    message(page, text).get_by_role("button", name="Reply in thread").click()
    expect(reply_box(page)).to_be_focused()


def test_a_thread_is_opened_answered_and_left_again(desk, page):
    post(desk, "Ship?")
    open_thread(page, "Ship?")
    reply_box(page).fill("Yes, on *Monday*")
    reply_box(page).press("Enter")
    expect(message(thread(page), "Yes, on Monday").locator("b", has_text="Monday")).to_be_visible()
    expect(thread(page).get_by_role("separator", name="1 reply")).to_be_visible()

    reply_box(page).press("Escape")
    expect(thread(page)).to_be_hidden()
    replies = message(page, "Ship?").get_by_role("button", name=re.compile("1 reply .*Last reply today at"))
    expect(replies).to_be_focused()
    expect(message(page, "Yes, on Monday")).to_have_count(0)


def upload(desk, parent):
    """A picture, into the thread."""
    asked = desk.api("files.getUploadURLExternal", filename="prices.png", length=3, alt_txt="Prices rise.")
    httpx.post(asked["upload_url"], content=b"png", **PLAIN)
    files = [{"id": asked["file_id"], "title": "Prices"}]
    comment = "All trades, in one picture."
    desk.api(
        "files.completeUploadExternal",
        files=files,
        channel_id=MARKETS,
        thread_ts=parent,
        initial_comment=comment,
    )


def test_what_the_app_puts_into_a_thread_is_found_by_its_parent(desk, page):
    parent = post(desk, "A report.")
    upload(desk, parent)
    found = message(page, "A report.").get_by_role("button", name=re.compile("1 reply New Last reply"))
    found.click()

    expect(message(thread(page), "in one picture.").get_by_role("img", name="Prices rise.")).to_be_attached()
    expect(found).to_have_count(0)  # It is new no more.
    expect(
        message(page, "A report.").first.get_by_role("button", name=re.compile("1 reply Last"))
    ).to_be_visible()


def test_a_command_in_a_thread_is_refused_there(desk, page):
    post(desk, "Ship?")
    open_thread(page, "Ship?")
    reply_box(page).fill("/toy text")
    reply_box(page).press("Enter")

    expect(message(thread(page), "/toy is not supported in threads. Sorry!")).to_contain_text("Slackbot")


def test_a_reply_may_be_sent_to_the_channel_as_well(desk, page):
    post(desk, "Ship?")
    open_thread(page, "Ship?")
    thread(page).get_by_label("Also send to #markets").check()
    reply_box(page).fill("All should know")
    reply_box(page).press("Enter")
    expect(message(thread(page), "All should know")).to_be_visible()
    thread(page).get_by_role("button", name="Close thread").click()

    message(page, "All should know").get_by_role("button", name="replied to a thread").click()
    expect(message(thread(page), "Ship?")).to_be_visible()


def test_a_reload_comes_back_to_the_thread_and_to_what_was_being_written(desk, page):
    post(desk, "Ship?")
    open_thread(page, "Ship?")
    reply_box(page).fill("Not before")
    page.reload()

    expect(message(thread(page), "Ship?")).to_be_visible()
    expect(reply_box(page)).to_have_value("Not before")
    page.get_by_role("button", name="Home").click()
    expect(page.get_by_role("region", name="Home")).to_be_visible()
    page.go_back()
    expect(reply_box(page)).to_have_value("Not before")


def test_a_deleted_message_leaves_its_thread_under_a_stone(desk, ada, page):
    parent = post(desk, "Ship?")
    ada.post("send", channel=MARKETS, text="Why?", thread_ts=parent)
    expect(message(page, "Ship?").get_by_role("button", name="1 reply")).to_be_visible()
    desk.api("chat.delete", channel=MARKETS, ts=parent)

    stone = message(page, "This message was deleted.")
    expect(stone).to_have_accessible_name(re.compile("^Slackbot at"))
    expect(stone.get_by_role("button", name="More actions")).to_have_count(0)
    stone.get_by_role("button", name="1 reply").click()
    expect(message(thread(page), "Why?")).to_be_visible()


def test_whoever_takes_part_in_a_thread_finds_it_among_their_threads(desk, ada, bob, page):
    parent = ada.do("Ship?")["ts"]
    post(desk, "Not hers", thread_ts=bob.do("Hold?")["ts"])
    bob.post("send", channel=MARKETS, text="On Monday", thread_ts=parent)
    place = page.get_by_role("button", name="Threads")
    expect(place).to_have_attribute("aria-description", "1 unread")
    place.click()
    threads = page.get_by_role("region", name="Threads").get_by_role("button")
    expect(threads).to_have_count(1)
    expect(threads).to_have_text(re.compile("# marketsAda LovelaceShip.1 reply, the last today at .*New"))
    threads.click()

    expect(message(thread(page), "On Monday")).to_be_visible()
    expect(place).not_to_have_attribute("aria-description", re.compile(""))


def test_a_permalink_leads_to_a_reply_in_its_thread(desk, page):
    parent = post(desk, "Ship?")
    below = post(desk, "Yes", thread_ts=parent)
    page.goto(desk.api("chat.getPermalink", channel=MARKETS, message_ts=below)["permalink"])

    expect(message(thread(page), "Yes")).to_be_focused()


def test_what_came_meanwhile_is_bold_in_the_sidebar_and_begins_at_a_line(desk, ada, bob, opened):
    ada.do("Before")
    page = opened("U02BOB")
    expect(message(page, "Before")).to_be_visible()
    page.get_by_role("button", name="# bobs").click()
    bob.do("Mine")
    ada.do("Hello @bob")
    ada.do("Anybody?")
    place = page.get_by_role("button", name="# markets")
    expect(place).to_have_attribute("aria-description", "2 unread")
    expect(place).to_have_text("# markets1")  # One of them names him.
    place.click()

    expect(page.get_by_role("separator", name="New")).to_be_visible()
    order = page.locator("#content").inner_text()
    assert order.index("Before") < order.index("Mine") < order.index("New") < order.index("Hello")
    expect(place).not_to_have_attribute("aria-description", re.compile(""))
    page.reload()
    expect(message(page, "Anybody?")).to_be_visible()
    expect(page.get_by_role("separator", name="New")).to_have_count(0)


def test_a_list_keeps_its_place_while_others_write(desk, ada, opened):
    for number in range(40):
        ada.do(f"Line {number}")
    page = opened("U02BOB")
    log = page.get_by_role("log", name="Messages")
    expect(message(page, "Line 39")).to_be_in_viewport()
    log.evaluate("node => { node.scrollTop = 0 }")
    ada.do("News")
    page.get_by_role("button", name="1 new message").wait_for()
    assert log.evaluate("node => node.scrollTop") == 0

    page.get_by_role("button", name="1 new message").click()
    expect(message(page, "News")).to_be_in_viewport()
    ada.do("More")
    expect(message(page, "More")).to_be_in_viewport()


def test_consecutive_messages_of_one_author_stand_together(desk, ada, page):
    ada.do("One")
    ada.do("Two")
    post(desk, "Three")

    names = page.locator(".byline b")
    expect(names.filter(visible=True)).to_have_text(["Ada Lovelace", "Futarchy"])
    expect(message(page, "Two")).to_have_accessible_name(re.compile("^Ada Lovelace at"))


def test_the_quick_switcher_goes_anywhere_by_a_few_letters(page):
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.press("Control+k")
    switcher = page.get_by_role("dialog", name="Jump to")
    expect(switcher.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(composer).to_be_focused()

    page.keyboard.press("Control+k")
    page.keyboard.type("bob")
    expect(switcher.get_by_role("option")).to_have_text(["# bobsJoin"])
    page.keyboard.press("Enter")
    expect(message(page, "joined #bobs.")).to_be_visible()


def test_the_arrow_keys_go_from_message_to_message_and_tab_to_what_can_be_done(desk, page):
    post(desk, "One")
    post(desk, "Two")
    expect(message(page, "Two")).to_be_visible()
    page.get_by_role("log", name="Messages").focus()
    page.keyboard.press("ArrowUp")
    expect(message(page, "Two")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(message(page, "One")).to_be_focused()
    page.keyboard.press("Tab")

    expect(message(page, "One").get_by_role("button", name="React: done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(message(page, "One").get_by_role("button", name="white_check_mark: Ada Lovelace")).to_be_visible()


def test_whom_a_message_is_for_is_notified_by_its_text(desk, ada, opened):
    page = opened("U02BOB")
    notes = page.get_by_role("status", name="Notifications")
    page.get_by_role("button", name="# bobs").click()
    ada.do("Anybody?")
    ada.do("Is *that* so, @bob?")
    desk.api("chat.postMessage", channel="U02BOB", text="Paid: 5 credits.", blocks=[{"type": "divider"}])

    expect(notes.get_by_role("paragraph")).to_have_text(
        ["Ada Lovelace in #markets: Is that so, @Bob Noyce?", "Futarchy to you: Paid: 5 credits."]
    )


def test_the_focus_stays_where_it_was_when_the_message_around_it_changes(desk, page):
    ts = post(desk, "Ship?", blocks=MESSAGE_BLOCKS)
    page.get_by_role("button", name="Ask").focus()
    renamed = [MESSAGE_BLOCKS[0], MESSAGE_BLOCKS[1] | {"elements": [button("ask", text=plain("Ask again"))]}]
    desk.api("chat.update", channel=MARKETS, ts=ts, text="Ship?", blocks=renamed)

    expect(page.get_by_role("button", name="Ask again")).to_be_focused()


def test_the_first_tab_skips_to_the_conversation(page):
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("log", name="Messages")).to_be_focused()


def test_people_and_channels_are_offered_by_their_first_letters(page):
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.press_sequentially("Ask @bo")
    offers = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(offers).to_have_text(["@bob Bob Noyce"])
    composer.press("Enter")
    composer.press_sequentially("in #ma")
    composer.press("Tab")

    expect(composer).to_have_value("Ask @bob in #markets ")


def test_two_people_in_two_browsers_do_not_disturb_each_other(desk, opened):
    parent = post(desk, "Ship?")
    ada, bob = opened(), opened("U02BOB")
    open_thread(ada, "Ship?")
    reply_box(ada).fill("Half a tho")
    composer = bob.get_by_role("textbox", name="Message #markets")
    composer.fill("/toy form")
    composer.press("Enter")
    bob.get_by_role("dialog", name="Forecast").get_by_label("Chance").fill("70")
    desk.api("chat.update", channel=MARKETS, ts=parent, text="Ship now?")
    expect(message(thread(ada), "Ship now?")).to_be_visible()
    post(desk, "Meanwhile", thread_ts=parent)

    expect(message(thread(ada), "Meanwhile")).to_be_visible()
    expect(reply_box(ada)).to_have_value("Half a tho")
    expect(reply_box(ada)).to_be_focused()
    expect(ada.get_by_role("dialog")).to_have_count(0)
    expect(bob.get_by_role("dialog").get_by_label("Chance")).to_have_value("70")
    expect(bob.get_by_label("You are")).to_have_value("U02BOB")


def test_on_a_phone_a_thread_covers_its_channel(desk, opened):
    page = opened(viewport={"width": 390, "height": 844})
    post(desk, "Ship?")
    page.get_by_role("button", name="Channels and people").click()
    page.get_by_role("button", name="# markets").click()
    open_thread(page, "Ship?")

    expect(page.get_by_role("textbox", name="Message #markets")).to_be_hidden()
    assert thread(page).bounding_box()["width"] == 390
    thread(page).get_by_role("button", name="Close thread").click()
    expect(page.get_by_role("textbox", name="Message #markets")).to_be_visible()


def test_a_dialog_keeps_the_focus_and_gives_it_back(page):
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.fill("/toy form")
    composer.press("Enter")
    dialog = page.get_by_role("dialog", name="Forecast")
    expect(dialog.get_by_label("Chance")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('body, dialog *')")
    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(composer).to_be_focused()


def test_a_form_survives_a_reload(desk, page):
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.fill("/toy form")
    composer.press("Enter")
    field = page.get_by_role("dialog", name="Forecast").get_by_label("Chance")
    field.fill("70")
    expect(page.get_by_role("dialog").get_by_text("You say 70")).to_be_visible()
    page.reload()

    expect(field).to_have_value("70")
