"""What a question asks: `analysis` reads it, the other modules know its wordings."""
