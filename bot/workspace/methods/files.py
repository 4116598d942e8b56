"""The three steps of an upload: ask where to, put the bytes there, share them."""

import re
import secrets
from typing import Any

from bot.workspace.composing import compose_message
from bot.workspace.errors import ApiError
from bot.workspace.files import SIZE_MOST, File
from bot.workspace.methods.channels import conversation_to_use
from bot.workspace.state import Workspace
from bot.workspace.threads import threaded
from bot.workspace.webapi import method

Json = dict[str, Any]


@method(
    "files.getUploadURLExternal",
    scope="files:write",
    required=("filename", "length"),
    optional=("alt_txt", "snippet_type"),
)
def get_upload_url(workspace: Workspace, arguments: Json) -> Json:
    length, name = str(arguments["length"]), str(arguments["filename"])
    if not length.isdigit() or not 0 < int(length) <= SIZE_MOST or not re.fullmatch(r"[\w. -]{1,255}", name):
        raise ApiError("invalid_arguments")
    file = File(workspace.next_id("F"), name, int(length), str(arguments.get("alt_txt", "")))
    ticket = secrets.token_urlsafe(16)
    workspace.files.by_id[file.id] = workspace.files.by_ticket[ticket] = file
    return {"upload_url": f"{workspace.base_url}/upload/v1/{ticket}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    scope="files:write",
    required=("files",),
    optional=("channel_id", "thread_ts", "initial_comment"),
)
def complete_upload(workspace: Workspace, arguments: Json) -> Json:
    """Shares them in one message, in a thread if one is named; without a channel they stay private."""
    found = [(workspace.files.find(str(each.get("id"))), each) for each in arguments["files"]]
    if any(file.data is None or file.is_shared for file, _ in found):
        raise ApiError("file_not_uploaded")
    for file, given in found:
        file.title, file.is_shared = str(given.get("title") or file.name), True
    shapes = [file.shape(workspace.base_url) for file, _ in found]
    if arguments.get("channel_id"):
        conversation = conversation_to_use(workspace, arguments["channel_id"])
        content = {"text": arguments.get("initial_comment") or " "} | {
            name: arguments[name] for name in ("thread_ts",) if arguments.get(name)
        }
        message = compose_message(workspace, content) | {"files": shapes}
        conversation.messages.append(threaded(conversation, message))
    return {"files": shapes}


@method("files.info", scope="files:read", required=("file",))
def file_info(workspace: Workspace, arguments: Json) -> Json:
    return {"file": workspace.files.find(arguments["file"]).shape(workspace.base_url)}
