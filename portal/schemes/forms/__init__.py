"""The forms of schemes. Only their fields are taken (V17)."""
