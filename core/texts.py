"""What people write, as far as both databases can keep it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from core.errors import Invalid

LINKS_MOST, LINK_MOST = 10, 500


def check(field: str, text: str, most: int) -> None:
    """Raises Invalid for a text that says nothing, is too long, or holds what cannot be kept: NUL, or half a character."""
    if not text.strip():
        raise Invalid(field, "empty")
    if len(text) > most:
        raise Invalid(field, "too_long", text[:20].encode(errors="replace").decode(), str(most))
    if not is_kept(text):
        raise Invalid(field, "characters")


def is_kept(text: str) -> bool:
    """Whether a database gives the text back as it was. SQLite's lists end at a NUL, PostgreSQL refuses one."""
    return "\0" not in text and (text.isascii() or text.encode(errors="ignore").decode() == text)


def check_links(field: str, links: Sequence[str]) -> None:
    """Raises Invalid for too many, and for what leads nowhere on the web."""
    if len(links) > LINKS_MOST:
        raise Invalid(field, "many_links", str(LINKS_MOST))
    for link in links:
        check(field, link, LINK_MOST)
        if not _leads_to_the_web(link):
            raise Invalid(field, "link", link[:50])


def _leads_to_the_web(link: str) -> bool:
    """What would end a link where it is shown is refused with it: blanks, quotes, brackets and bars."""
    try:
        parts = urlsplit(link)
        is_somewhere = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
    return is_somewhere and link.isprintable() and not set(link) & set(' "<>|`\\')
