"""The Web API's methods; importing this package registers them all."""

from bot.workspace.methods import channels, chat, history, people, views

__all__ = ["channels", "chat", "history", "people", "views"]
