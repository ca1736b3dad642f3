"""What only measures: run by the engine's Python, never part of a model or of the running engine."""
