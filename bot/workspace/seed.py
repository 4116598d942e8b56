"""Who and what the workspace starts with: its members, its channels and the installed app."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    locale: str = "en-US"


@dataclass(frozen=True)
class Channel:
    """Public unless said otherwise, and the app is in it unless said otherwise."""

    id: str
    name: str
    members: tuple[str, ...]
    topic: str = ""
    is_private: bool = False
    has_app: bool = True


@dataclass(frozen=True)
class Seed:
    team_id: str
    team_name: str
    members: tuple[Member, ...]
    channels: tuple[Channel, ...]
    bot_user_id: str = "U0FUTARCHY"
    bot_name: str = "Futarchy"
    app_id: str = "A0FUTARCHY"

    @property
    def bot_id(self) -> str:
        return f"B{self.bot_user_id[1:]}"

    @property
    def domain(self) -> str:
        return "".join(
            each for each in self.team_name.lower().replace(" ", "-") if each.isalnum() or each == "-"
        )

    def find_member(self, user_id: str) -> Member | None:
        return next((each for each in self.members if each.id == user_id), None)
