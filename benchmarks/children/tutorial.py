"""Yardstick: the bot that people write from tutorials, in about sixty lines.

Bolt with its defaults, sqlite3 with its defaults and a new connection each time, a new HTTP client
for each purchase, one message that is posted and edited. It keeps no key, knows no doubt, counts no
vote and asks no policy; that is what makes it quick to write.
"""

import os
import re
import sqlite3
from typing import Any

import httpx
import pyotp
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

DATABASE, CHANNEL = os.environ["COUNTERSIGN_DATABASE"], os.environ["BENCH_CHANNEL"]
VENDOR = os.environ["BENCH_VENDOR"]
app = App(
    client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
)


def log_in() -> str:
    """The vendor's token, fetched once."""
    body = {
        "email": os.environ["KRIPTOMAT_EMAIL"],
        "password": os.environ["KRIPTOMAT_PASSWORD"],
        "client_id": int(os.environ["KRIPTOMAT_CLIENT_ID"]),
        "client_secret": os.environ["KRIPTOMAT_CLIENT_SECRET"],
        "security_code": pyotp.TOTP(os.environ["KRIPTOMAT_TOTP_SECRET"]).now(),
    }
    headers = {"X-Requested-With": "XMLHttpRequest"}
    reply = httpx.post(f"{VENDOR}/api/v1/partners/auth/login", json=body, headers=headers)
    return str(reply.json()["access_token"])


def blocks(text: str, order: int | None) -> list[dict[str, Any]]:
    """A section, and a button while the order is open."""
    shown: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    if order is not None:
        label = {"type": "plain_text", "text": "Approve"}
        button = {"type": "button", "text": label, "action_id": "approve", "value": str(order)}
        shown.append({"type": "actions", "elements": [button]})
    return shown


def metadata(order: int, state: str) -> dict[str, Any]:
    """As Countersign's cards have it, so that both are watched in the same way."""
    payload = {"order": str(order), "state": state}
    return {"event_type": "countersign_order", "event_payload": payload}


@app.command("/buy")
def buy(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Save the order, post its message."""
    ack("Asked.")
    match = re.match(r"([0-9.]+) EUR (\w+) via kriptomat", body["text"])
    assert match, body["text"]
    with sqlite3.connect(DATABASE) as db:
        order = db.execute(
            "INSERT INTO orders (user, amount, asset, state) VALUES (?, ?, ?, 'pending')",
            (body["user_id"], match[1], match[2]),
        ).lastrowid
    assert order is not None
    text = f"Buy {match[2]} for {match[1]} EUR, asked for by <@{body['user_id']}>."
    posted = client.chat_postMessage(
        channel=CHANNEL, text=text, blocks=blocks(text, order), metadata=metadata(order, "pending")
    )
    with sqlite3.connect(DATABASE) as db:
        db.execute("UPDATE orders SET ts = ? WHERE id = ?", (posted["ts"], order))


@app.action("approve")
def approve(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Buy it and say so."""
    ack()
    order = int(body["actions"][0]["value"])
    with sqlite3.connect(DATABASE) as db:
        row = db.execute("SELECT amount, asset, ts FROM orders WHERE id = ?", (order,)).fetchone()
        db.execute("UPDATE orders SET state = 'approved' WHERE id = ?", (order,))
    with httpx.Client() as http:
        wish = {"amount": row[0], "pair": f"{row[1]}eur", "idempotency_key": f"order-{order}"}
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Requested-With": "XMLHttpRequest"}
        reply = http.post(f"{VENDOR}/api/v1/partners/users/1/buy", json=wish, headers=headers)
    with sqlite3.connect(DATABASE) as db:
        db.execute("UPDATE orders SET state = 'completed' WHERE id = ?", (order,))
    text = f"Bought {row[1]} for {row[0]} EUR: {reply.json()}"
    state = metadata(order, "completed" if reply.is_success else "failed")
    client.chat_update(
        channel=CHANNEL, ts=row[2], text=text, blocks=blocks(text, None), metadata=state
    )


if __name__ == "__main__":
    with sqlite3.connect(DATABASE) as first:
        first.execute(
            "CREATE TABLE IF NOT EXISTS orders"
            " (id INTEGER PRIMARY KEY, user TEXT, amount TEXT, asset TEXT, state TEXT, ts TEXT)"
        )
    TOKEN = log_in()
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]
