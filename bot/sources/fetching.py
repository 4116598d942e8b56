"""A document over HTTP: so large, so long, so many hops at most, and from no address inside our own network.

Whoever may set a source could otherwise make this server ask its neighbours, or the cloud it runs in, for their secrets.
A name is looked up once and the address that was checked is the one that is asked, so it cannot change in between.
"""

import asyncio
import logging
import socket
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx

from bot.sources.failed import Failed

BYTES_MOST, HOPS_MOST = 1_000_000, 3

logging.getLogger("httpx").setLevel(
    logging.WARNING
)  # It would write every address down, with all that is in it.


async def fetch(url: str, headers: Mapping[str, str], seconds: float, *, allows_private: bool) -> str:
    """The text. Headers go to the host that is named, and to none that it sends us on to. Raises Failed."""
    try:
        async with asyncio.timeout(seconds):
            return await _followed(httpx.URL(url), headers, seconds, allows_private=allows_private)
    except TimeoutError:
        raise Failed("slow", str(seconds).removesuffix(".0")) from None
    except httpx.HTTPError as problem:
        raise Failed("unreachable", type(problem).__name__) from None
    except httpx.InvalidURL:
        raise Failed("unreachable", "InvalidURL") from None


async def _followed(
    url: httpx.URL, headers: Mapping[str, str], seconds: float, *, allows_private: bool
) -> str:
    first = (url.scheme, url.host, url.port)
    transport = _Checked(allows_private=allows_private)
    # The environment's proxies would ask for us, past our own check of addresses.
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=seconds) as client:
        for _ in range(HOPS_MOST + 1):
            if url.scheme not in {"http", "https"}:
                raise Failed("scheme", url.scheme)
            sent = headers if (url.scheme, url.host, url.port) == first else {}
            async with client.stream("GET", url, headers=sent) as answer:
                if answer.next_request is None:
                    return await _text(answer)
                url = answer.next_request.url
    raise Failed("hops", str(HOPS_MOST))


async def _text(answer: httpx.Response) -> str:
    if answer.status_code != httpx.codes.OK:
        raise Failed("status", str(answer.status_code))
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > BYTES_MOST:
            raise Failed("large")
    return body.decode("utf-8-sig", errors="replace")


class _Checked(httpx.AsyncHTTPTransport):
    """Asks only the address that it has looked at; the certificate must still be that of the name."""

    def __init__(self, *, allows_private: bool) -> None:
        super().__init__()
        self._allows_private = allows_private

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = await self._address(
            host, request.url.port or (443 if request.url.scheme == "https" else 80)
        )
        asked = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await super().handle_async_request(asked)

    async def _address(self, host: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Failed("no_such_host", host) from None
        addresses = [str(each[4][0]).partition("%")[0] for each in found]
        if not self._allows_private and not _are_public(addresses):
            raise Failed("private", host)
        return addresses[0]


def _are_public(addresses: Iterable[str]) -> bool:
    return all(_is_public(ip_address(each)) for each in addresses)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Also of what an address of the new kind wraps of the old."""
    wrapped = (address.ipv4_mapped or address.sixtofour) if isinstance(address, IPv6Address) else None
    return (wrapped or address).is_global and not address.is_multicast
