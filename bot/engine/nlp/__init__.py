"""Training of the language resources that the engine ships: the spaCy pipeline and the word vectors."""
