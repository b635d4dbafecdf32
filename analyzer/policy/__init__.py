"""Key policies: read tolerantly, compared in words, and asked who may do what."""
