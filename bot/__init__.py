"""The service: channels, conversations, safety, counselors' console, and the engine's client."""
