"""What people write, as far as both databases can keep it."""

from core.errors import Invalid


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
