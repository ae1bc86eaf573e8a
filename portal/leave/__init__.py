"""Leave in two steps, which exempts a teacher from what is due meanwhile."""
