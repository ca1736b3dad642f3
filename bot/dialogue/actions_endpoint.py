"""The other end of Rasa's action-server protocol: the engine calls back here, on loopback, with a token."""

import hmac
import logging

from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

log = logging.getLogger(__name__)


def make_actions_app(executor: ActionExecutor, token: str) -> web.Application:
    """Return an application that runs the actions registered with `executor`."""

    async def run(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.query.get("token", ""), token):
            raise web.HTTPForbidden
        call = await request.json()
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as error:
            return web.json_response({"error": str(error), "action_name": error.action_name}, status=400)
        except ActionNotFoundException as error:
            return web.json_response({"error": str(error), "action_name": error.action_name}, status=404)
        except Exception as error:
            # The traceback could carry what the relative told: the type is enough to find the fault.
            log.error("action %s failed: %s", call.get("next_action"), type(error).__name__)
            return web.json_response({"error": "action failed"}, status=500)
        return web.json_response(result.model_dump() if result else {})

    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_post("/actions", run)
    return app
