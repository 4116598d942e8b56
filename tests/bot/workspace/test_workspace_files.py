"""Uploads in three steps, as Slack takes them: a place, the bytes, and then a message that carries the file."""

import httpx

PIXEL = b"\x89PNG not quite"
MARKETS = "C01MARKETS"


def place(desk, **changed):
    asked = {"filename": "prices.png", "length": len(PIXEL), "alt_txt": "Prices rise."} | changed
    return desk.api("files.getUploadURLExternal", **asked)


def put(url, data=PIXEL):
    return httpx.post(url, content=data, trust_env=False)


def share(desk, file_id, **where):
    return desk.api("files.completeUploadExternal", files=[{"id": file_id, "title": "Prices"}], **where)


def test_a_picture_is_uploaded_into_a_thread_and_shown(desk, ada):
    root = desk.api("chat.postMessage", channel=MARKETS, text="A report.")
    asked = place(desk)
    assert put(asked["upload_url"]).text == "OK"
    assert share(desk, asked["file_id"], channel_id=MARKETS, thread_ts=root["ts"])["ok"]
    (message,) = [each for each in ada.messages(MARKETS) if each.get("files")]
    (file,) = message["files"]

    assert message["thread_ts"] == root["ts"]
    assert (file["title"], file["alt_txt"], file["mimetype"]) == ("Prices", "Prices rise.", "image/png")
    fetched = ada.client.get(httpx.URL(file["url_private"]).path)
    assert (fetched.content, fetched.headers["content-type"]) == (PIXEL, "image/png")
    assert httpx.get(file["url_private"], trust_env=False).status_code == 404


def test_a_place_takes_the_bytes_that_were_announced_once(desk):
    url = place(desk)["upload_url"]

    assert put(url, b"other").status_code == 400
    assert put(url).status_code == 200
    assert put(url).status_code == 400
    assert put(f"{url}x").status_code == 400


def test_what_was_not_uploaded_cannot_be_shared_and_nothing_is_shared_twice(desk):
    asked = place(desk)
    assert share(desk, asked["file_id"])["error"] == "file_not_uploaded"
    put(asked["upload_url"])
    assert share(desk, asked["file_id"])["ok"]

    assert share(desk, asked["file_id"])["error"] == "file_not_uploaded"
    assert share(desk, "F0NONE")["error"] == "file_not_found"


def test_a_file_has_a_plain_name_and_some_bytes(desk):
    for wrong in ({"length": 0}, {"length": "many"}, {"length": 10**9}, {"filename": "../../x.png"}):
        assert place(desk, **wrong)["error"] == "invalid_arguments"
