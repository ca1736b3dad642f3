"""The custom actions of the dialogue: they compose replies from `knowledge` and say what to remember.

The service registers the package with rasa_sdk's ActionExecutor and calls `knowledge_base.use` first. An action
sees intents, entities and slots, never a message's text.
"""
