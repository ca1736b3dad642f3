"""Finding entities in Norwegian chat: pure functions of text and lexicons, no Rasa in here."""
