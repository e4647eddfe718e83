"""NATS clients for the system tests: commands come as JSON lines on standard input, answers and events go out as JSON lines.

A command is {"id": 1, "client": "a", "do": "connect", ...}; its answer {"id": 1, "ok": {...}} or {"id": 1, "error": "..."}.
An event is {"client": "a", "event": "closed" | "message", ...}.
"""

import asyncio
import json
import sys

import nats

TIMEOUT = 30
clients = {}


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def connect(name, command):
    async def on_closed():
        say({"client": name, "event": "closed", "text": str(clients[name].last_error or "")})

    # Without a creds file the login is in the URL.
    clients[name] = await nats.connect(
        command["url"],
        user_credentials=command.get("creds"),
        name=name,
        allow_reconnect=False,
        connect_timeout=TIMEOUT,
        closed_cb=on_closed,
    )
    return {}


async def subscribe(name, command):
    async def on_message(message):
        event = {"client": name, "event": "message", "subject": message.subject, "text": message.data.decode(errors="replace")}
        event["headers"] = bool(message.headers)
        say(event)

    await clients[name].subscribe(command["subject"], cb=on_message)
    await clients[name].flush(TIMEOUT)
    return {}


async def reply(name, command):
    """Answers every request with some texts, one message each; in a queue group if one is named."""
    texts = json.loads(command["texts"])

    async def on_request(message):
        event = {"client": name, "event": "message", "subject": message.subject, "text": message.data.decode(errors="replace")}
        event["headers"] = bool(message.headers)
        say(event)
        for text in texts:
            await message.respond(text.encode())

    await clients[name].subscribe(command["subject"], queue=command.get("queue", ""), cb=on_request)
    await clients[name].flush(TIMEOUT)
    return {}


async def publish(name, command):
    await clients[name].publish(command["subject"], command["text"].encode())
    await clients[name].flush(TIMEOUT)
    return {}


async def flood(name, command):
    for number in range(int(command["count"])):
        await clients[name].publish(command["subject"], command["text"].replace("NUMBER", str(number)).encode())
    await clients[name].flush(TIMEOUT)
    return {}


async def request(name, command):
    reply = await clients[name].request(command["subject"], command["text"].encode(), timeout=TIMEOUT)
    return {"text": reply.data.decode()}


async def gather(name, command):
    """Sends a request and gathers what comes until an empty message, or until nothing comes for a while.

    With "beyond" it goes on after an empty message, until nothing comes for so long.
    """
    client = clients[name]
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    payload = bytes.fromhex(command["hex"]) if "hex" in command else command.get("text", "").encode()
    await client.publish(command["subject"], payload, reply=inbox)
    texts = []
    quiet = float(command["quiet"])
    try:
        while True:
            message = await subscription.next_msg(timeout=quiet)
            if message.headers and message.headers.get("Status") == "503":
                texts.append("503")
                break
            texts.append(message.data.decode())
            if not message.data:
                if "beyond" not in command:
                    break
                quiet = float(command["beyond"])
    except nats.errors.TimeoutError:
        pass
    await subscription.unsubscribe()
    return {"texts": json.dumps(texts)}


async def close(name, command):
    await clients[name].close()
    return {}


DO = {
    "connect": connect,
    "subscribe": subscribe,
    "reply": reply,
    "publish": publish,
    "flood": flood,
    "request": request, "gather": gather,
    "close": close,
}


async def answer(command):
    try:
        done = await asyncio.wait_for(DO[command["do"]](command["client"], command), TIMEOUT)
        say({"id": command["id"], "ok": done})
    except Exception as error:
        say({"id": command["id"], "error": str(error) or type(error).__name__})


async def main():
    reader = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        task = asyncio.create_task(answer(json.loads(line)))
        running.add(task)
        task.add_done_callback(running.discard)


asyncio.run(main())
