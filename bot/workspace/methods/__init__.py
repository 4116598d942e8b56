"""The Web API's methods; importing this package registers them all."""

from bot.workspace.methods import channels, chat, files, history, marks, people, sockets, views

__all__ = ["channels", "chat", "files", "history", "marks", "people", "sockets", "views"]
