"""`make chat`: talk to the running guide in the terminal."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
import uuid
from typing import Any

from guide.settings import port, read_dotenv


def send(url: str, sender: str, message: str) -> list[dict[str, Any]]:
    """One message to the REST channel; raises URLError when no server answers."""
    body = json.dumps({"sender": sender, "message": message}).encode()
    request = urllib.request.Request(  # noqa: S310  a loopback address
        url, data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310
        return list(json.load(reply))


def main() -> int:
    """Reads lines until the end of input."""
    read_dotenv()
    url = f"http://127.0.0.1:{port('GUIDE_PORT')}/webhooks/rest/webhook"
    sender = f"terminal-{uuid.uuid4().hex[:8]}"
    print("Ask about CAR T-cell therapy for lupus. Ctrl-D ends.")
    while True:
        try:
            message = input("\nyou> ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return 0
        if not message:
            continue
        try:
            for reply in send(url, sender, message):
                print(f"\n{reply['text']}")
                for button in reply["buttons"]:
                    print(f"  [{button['title']}]")
        except urllib.error.URLError:
            print("The guide does not answer. Start it in another terminal: make run")
            return 1


if __name__ == "__main__":
    sys.exit(main())
