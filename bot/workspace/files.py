"""Files that the app uploads: a ticket for the bytes, then a message that carries them."""

from dataclasses import dataclass, field
from typing import Any

from bot.workspace.errors import ApiError

Json = dict[str, Any]
SIZE_MOST = 5_000_000  # Slack takes more; this all stays in memory.
KINDS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "txt": "text/plain",
    "csv": "text/csv",
    "pdf": "application/pdf",
}


@dataclass
class File:
    """``data`` is None until it is uploaded; whoever holds the ticket may do that once."""

    id: str
    name: str
    length: int
    alt_text: str
    title: str = ""
    data: bytes | None = None
    is_shared: bool = False

    @property
    def kind(self) -> str:
        """Anything unknown is only ever downloaded."""
        return KINDS.get(self.name.rpartition(".")[2].lower(), "application/octet-stream")

    def shape(self, base_url: str) -> Json:
        """As messages and methods show it."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.kind,
            "size": len(self.data or b""),
            "alt_txt": self.alt_text,
            "url_private": f"{base_url}/files-pri/{self.id}/{self.name}",
        }


@dataclass
class Files:
    by_id: dict[str, File] = field(default_factory=dict)
    by_ticket: dict[str, File] = field(default_factory=dict)

    def find(self, file_id: str) -> File:
        if file_id not in self.by_id:
            raise ApiError("file_not_found")
        return self.by_id[file_id]

    def upload(self, ticket: str, data: bytes) -> None:
        """Raises ApiError for a ticket that was used or never issued, and for other bytes than were announced."""
        if ticket not in self.by_ticket:
            raise ApiError("not_found")
        if len(data) != self.by_ticket[ticket].length:
            raise ApiError("length_mismatch")
        self.by_ticket.pop(ticket).data = data
