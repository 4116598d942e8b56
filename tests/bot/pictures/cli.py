"""Lives the tour in front of four browsers and keeps what each sight looks like there."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Annotated

import typer
from live import Live
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from rich.console import Console
from tour import Sight, Tour, sights

ROOT = Path(__file__).parents[3]
WIDTHS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
TALLEST = 4000
SWITCH = """async (user) => {
  const { post, refresh, store } = await import("/static/net.js");
  await (store.state.me === user ? refresh() : post("switch", { user }));
}"""
HEIGHT = "(node) => Math.max(node.scrollHeight, ...[...node.querySelectorAll('*')].map((each) => each.scrollHeight))"

cli = typer.Typer(add_completion=False)


@cli.command()
def take(
    folder: Annotated[Path, typer.Option(help="Where the pictures go.")] = ROOT / "screenshots",
    only: Annotated[str, typer.Option(help="Only sights whose name has this in it.")] = "",
    width: Annotated[str, typer.Option(help="desk or phone; both if none is named.")] = "",
    scheme: Annotated[str, typer.Option(help="light or dark; both if none is named.")] = "",
) -> None:
    """Writes one PNG for each sight, width and scheme, and says which it is at."""
    say = Console().print
    folder.mkdir(exist_ok=True, parents=True)
    looks = [(w, s) for w, s in product(WIDTHS, SCHEMES) if width in {"", w} and scheme in {"", s}]
    with tempfile.TemporaryDirectory() as directory, chromium() as browser:
        live = Live(Path(directory))
        try:
            pages = {look: opened(browser, live, *look) for look in looks}
            for number, sight in enumerate(sights(Tour(live)), 1):
                if only in sight.name:
                    say(f"{number}: {sight.name}")
                    picture_all(
                        pages, sight, folder / f"{number:03}_{re.sub(r'[^a-z0-9]+', '_', sight.name)}"
                    )
        finally:
            live.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser, live: Live, width: str, scheme: str) -> Page:
    page = browser.new_page(viewport=WIDTHS[width], color_scheme=scheme)
    page.goto(live.url)
    page.wait_for_selector("#places [data-key=home]", state="attached")
    return page


def picture_all(pages: dict[tuple[str, str], Page], sight: Sight, begin: Path) -> None:
    for (width, scheme), page in pages.items():
        page.set_viewport_size(WIDTHS[width])
        shown = find(page, sight)
        needed = min(TALLEST, shown.evaluate(HEIGHT) + 300)
        page.set_viewport_size({**WIDTHS[width], "height": max(WIDTHS[width]["height"], needed)})
        shown.screenshot(path=begin.with_name(f"{begin.name}_{width}_{scheme}.png"))


def find(page: Page, sight: Sight) -> Locator:
    """Goes to where the sight is, and waits for it."""
    place = "home" if sight.place in {"home", "modal"} else sight.place
    page.evaluate(SWITCH, sight.user)
    expect(page.locator("#you-are")).to_have_value(sight.user)
    # On a phone the way there is hidden; a click is heard all the same.
    page.locator(f'#places [data-key="{place}"]').dispatch_event("click")
    if sight.place == "modal":
        shown = page.get_by_role("dialog").last
    elif sight.place == "home":
        shown = page.locator("#content")
    else:
        shown = page.get_by_role("article").filter(has_text=sight.text).last
    shown.wait_for()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    return shown
