"""How good the assistant is, in figures: understanding, safety, redaction, and the training data behind them."""
