"""Start Rasa's server. Secrets come by environment, so that no other user of the machine reads them in `ps`."""

import logging
import os
import sys
import threading
import time
import warnings
from typing import Any

WATCH_SECONDS = 1.0
WITHHELD = "a request failed; what went wrong is not logged, since it could quote a message"


def keep_messages_out_of_the_log() -> None:
    """Replace what the server logs of a failed request: an exception can hold what somebody wrote."""

    def withhold(record: logging.LogRecord) -> bool:
        record.msg, record.args, record.exc_info, record.exc_text = WITHHELD, (), None, None
        return True

    logging.getLogger("rasa.server").addFilter(withhold)
    for name in ("sanic.error", "sanic.access"):
        logging.getLogger(name).addFilter(withhold)


def hide_deprecations() -> None:
    """Say nothing of libraries' deprecations; several libraries switch them on again as they are imported."""
    show = warnings.showwarning

    def show_others(message: Any, category: Any, *rest: Any, **named: Any) -> None:
        if not issubclass(category, DeprecationWarning):
            show(message, category, *rest, **named)

    warnings.showwarning = show_others


def end_with_parent() -> None:
    """End this process when the service that started it is gone, so that none is left behind by a crash."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run() -> None:
    """Start the server; returns when it ends."""
    hide_deprecations()
    from rasa.__main__ import main  # only now: what it imports warns

    keep_messages_out_of_the_log()
    end_with_parent()
    sys.argv = [
        "rasa",
        "run",
        "--enable-api",
        "--interface",
        "127.0.0.1",
        "--port",
        os.environ["HJELPELINJE_ENGINE_PORT"],
        f"--auth-token={os.environ['HJELPELINJE_ENGINE_TOKEN']}",  # it may begin with a dash
        "--model",
        os.environ["HJELPELINJE_ENGINE_MODEL"],
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        "credentials.yml",
    ]
    main()


if __name__ == "__main__":
    run()
