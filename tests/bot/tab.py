"""The page as one person uses it: what they type, press and see, found by roles and labels."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
WAIT = 30_000


class Tab:
    """One person's browser: what they type, press and see, and a picture of it."""

    def __init__(self, page: Page, user: str) -> None:
        self.page = page
        self._user = user
        self._pictures = 0

    def go(self, place: str) -> None:
        self.page.get_by_role("button", name=place, exact=True).click()

    def say(self, channel: str, text: str) -> None:
        self.go(f"# {channel}")
        composer = self.page.get_by_role("textbox", name=f"Message #{channel}")
        composer.fill(text)
        composer.press("Enter")

    def modal(self, title: str) -> Locator:
        dialog = self.page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible(timeout=WAIT)
        return dialog

    def message(self, text: str) -> Locator:
        """The newest message with this text."""
        found = self.page.get_by_role("article").filter(has_text=text).last
        expect(found).to_be_visible(timeout=WAIT)
        return found

    def picture(self, name: str) -> None:
        self._pictures += 1
        self.page.screenshot(path=SCREENSHOTS / f"{self._user}_{self._pictures:02}_{name}.png")

    def close(self) -> None:
        """Leaves the modal that only says something."""
        self.page.get_by_role("button", name="Close", exact=True).click()

    @property
    def home(self) -> Locator:
        """The Home tab, opened anew."""
        self.go("Home")
        return self.page.get_by_role("region", name="Home")

    def pass_time(self, *buttons: str) -> None:
        for button in buttons:
            self.page.get_by_role("button", name=button).click()

    def open_decision(self, question: str) -> None:
        """The three steps of its form; Carol decides, Mona reads the metric."""
        self.say("markets", "/decision new")
        first = self.modal("New decision: 1 of 3")
        first.get_by_label("Question").fill(question)
        first.get_by_label("Options, one a line").fill("Open it\nKeep it gated")
        first.get_by_role("group", name="Who decides").get_by_label("Carol Lindqvist").check()
        self.picture("question")
        first.get_by_role("button", name="Next").click()
        second = self.modal("New decision: 2 of 3")
        for label, text in (
            ("Metric", "Serious findings"),
            ("Unit", "reports"),
            ("Lowest value", "0"),
            ("Highest value", "40"),
            ("Exact wording", "Reports rated serious by the safety team within thirty days."),
            ("Base rate: Open it", "18"),
            ("Base rate: Keep it gated", "12"),
        ):
            second.get_by_label(label, exact=True).fill(text)
        second.get_by_label("Metric owner").select_option(label="Mona Haddad")
        self.picture("metric")
        second.get_by_role("button", name="Next").click()
        third = self.modal("New decision: 3 of 3")
        third.get_by_label("Subsidy, credits").fill("400")
        third.get_by_label("Committee channel").select_option(label="# release-committee")
        self.picture("terms")
        third.get_by_role("button", name="Open decision").click()

    def start_trade(self, decision: str, option: str | None = None) -> Locator:
        """The trading modal of a decision, from its card."""
        self.go("# markets")
        self.message(f"{decision}:").get_by_role("button", name="Trade", exact=True).first.click()
        dialog = self.modal(f"Trade {decision}")
        if option:
            dialog.get_by_label("If this option is taken").select_option(label=option)
        return dialog
