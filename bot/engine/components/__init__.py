"""The engine's own Rasa components: Norwegian intents and entities."""
