"""Every limit of the service, in one place. Lengths in characters, times in seconds, sizes in bytes."""

from typing import Final

# What a relative may send.
MESSAGE_CHARACTERS: Final = 4_000
CLIENT_ID_CHARACTERS: Final = 64
SOCKET_FRAME_BYTES: Final = 64 * 1024
HTTP_BODY_BYTES: Final = 64 * 1024
MESSAGES_PER_MINUTE: Final = 30  # a conversation; faster than anyone in distress types
MESSAGES_PER_ADDRESS: Final = 300  # a minute; a hospital's many relatives may share one address
HURRIED_SECONDS: Final = 1.0  # that who is over it waits for each message; danger is heard all the same
FRAMES_PER_MINUTE: Final = 240  # a socket; what is not a message and comes faster is left alone
ORDERS_PER_NUMBER: Final = 6  # a minute; keywords and pictures by SMS, each of which costs an answer

# The widget's socket.
HELLO_SECONDS: Final = 10.0
HEARTBEAT_SECONDS: Final = 25.0
TOKEN_CHARACTERS: Final = (43, 128)  # 32 random bytes in base64url, at least
SOCKETS_PER_ADDRESS: Final = 60
ITEMS_PER_READ: Final = 200
MOST_SEQ: Final = 2**31 - 1  # what the column of message numbers holds

# The engine.
PARSE_SECONDS: Final = 3.0
OPINION_SECONDS: Final = 0.15  # on which danger it is, where the rules see some: it is answered without, else
TURN_SECONDS: Final = 6.0
ENGINE_ATTEMPTS: Final = 2
ANSWER_SECONDS: Final = 10.0  # for all attempts at one message; then it goes to a person
ENGINE_TIMEOUTS: Final = 8  # in a row: each worker has tried twice in vain; then the engine rests
ENGINE_REST_SECONDS: Final = 5.0
ENGINE_CHECK_SECONDS: Final = 5.0
ENGINE_HUNG_SECONDS: Final = 30.0  # without a sign of life: it is started again
ENGINE_LANES: Final = 8
DIALOGUE_TURNS_KEPT: Final = 3

# Work on a stored message: who took it must be done within the lease, or another takes it.
LEASE_SECONDS: Final = 30.0
WORKERS: Final = 4
SWEEP_SECONDS: Final = 2.0

# The database. What takes longer is told as a failure, and whoever sent it tries again.
LOCK_SECONDS: Final = 5.0
QUEUE_SECONDS: Final = 10.0  # for a writer's turn, where there is one writer at a time
STATEMENT_SECONDS: Final = 15.0
IDLE_SECONDS: Final = 60.0
STORE_SECONDS: Final = 4.0  # before a sender is told; less than the widget waits to send again
SEARCH_SECONDS: Final = 1.0  # for a search of the knowledge base there; then it is made in memory
CLOCK_JUMP_SECONDS: Final = 3600.0  # more than this, and the clock is not believed where it would delete
CLOCK_STEADY_SECONDS: Final = 24 * 3600.0  # until it is believed again

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

# A crisis that nobody takes. The alarm's webhook and SMS: first at once, then the ladder, then "failed".
CRISIS_UNCLAIMED_SECONDS: Final = 60.0
ALARM_RETRY_SECONDS: Final = (2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0)
ALARM_SEND_SECONDS: Final = 10.0
FIGURES_DAYS: Final = 30  # how far back counselors' figures go when nothing else is asked

# Blocking a sender: the choices of a counselor, in hours, and how often the sender is told.
BLOCK_HOURS: Final = (1, 24, 7 * 24, 30 * 24)
BLOCK_REASONS: Final = ("trusler", "sjikane", "seksuelt", "reklame", "annet")
BLOCK_TOLD_HOURS: Final = 1
