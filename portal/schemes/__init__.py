"""Assessment schemes and the score sheets computed by them."""
