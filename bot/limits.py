"""Every limit of the service, in one place. Lengths in characters, times in seconds, sizes in bytes."""

from typing import Final

# What a relative may send.
MESSAGE_CHARACTERS: Final = 4_000
CLIENT_ID_CHARACTERS: Final = 64
SOCKET_FRAME_BYTES: Final = 64 * 1024
HTTP_BODY_BYTES: Final = 64 * 1024
MESSAGES_PER_MINUTE: Final = 30  # a conversation; faster than anyone in distress types

# The widget's socket.
HELLO_SECONDS: Final = 10.0
HEARTBEAT_SECONDS: Final = 25.0
TOKEN_CHARACTERS: Final = (43, 128)  # 32 random bytes in base64url, at least
SOCKETS_PER_ADDRESS: Final = 60
ITEMS_PER_READ: Final = 200

# The engine.
PARSE_SECONDS: Final = 3.0
TURN_SECONDS: Final = 6.0
ENGINE_ATTEMPTS: Final = 2
ENGINE_LANES: Final = 8
DIALOGUE_TURNS_KEPT: Final = 3

# Work on a stored message: who took it must be done within the lease, or another takes it.
LEASE_SECONDS: Final = 30.0
WORKERS: Final = 4
SWEEP_SECONDS: Final = 2.0

# Outgoing SMS: first at once, then this ladder, then the state "failed".
SMS_RETRY_SECONDS: Final = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
SMS_SEND_SECONDS: Final = 10.0

# Counselors.
SESSION_HOURS: Final = 10
LOGIN_ATTEMPTS: Final = 5  # a username, within LOGIN_WINDOW_SECONDS
LOGIN_WINDOW_SECONDS: Final = 300.0
PRESENCE_SECONDS: Final = 60.0  # on duty without a sign of life for longer is not on duty
PASSWORD_CHARACTERS: Final = (12, 200)

# Rows without content stay for statistics, in days; how long content stays is a setting.
STATISTICS_DAYS: Final = 365
