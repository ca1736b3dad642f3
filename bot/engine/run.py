"""Start Rasa's server. Secrets come by environment, so that no other user of the machine reads them in `ps`."""

import os
import sys
import threading
import time

from rasa.__main__ import main

WATCH_SECONDS = 1.0


def end_with_parent() -> None:
    """End this process when the service that started it is gone, so that none is left behind by a crash."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    end_with_parent()
    sys.argv = [
        "rasa",
        "run",
        "--enable-api",
        "--interface",
        "127.0.0.1",
        "--port",
        os.environ["HJELPELINJE_ENGINE_PORT"],
        "--auth-token",
        os.environ["HJELPELINJE_ENGINE_TOKEN"],
        "--model",
        os.environ["HJELPELINJE_ENGINE_MODEL"],
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        "credentials.yml",
    ]
    main()
