"""The demo's client: connects with a creds file and says what happens to its connection."""

import asyncio
import sys

import nats


async def main(url: str, creds: str) -> None:
    over = asyncio.Event()

    async def disconnected() -> None:
        over.set()

    async def failed(error: Exception) -> None:
        print(f"the server says: {error}", flush=True)

    client = await nats.connect(
        url, user_credentials=creds, allow_reconnect=False, disconnected_cb=disconnected, error_cb=failed
    )
    print(f"connected as a client of the account to {client.connected_url.netloc}", flush=True)
    await over.wait()
    print("disconnected by the server", flush=True)


asyncio.run(main(*sys.argv[1:]))
