"""How an organisation looks: its theme, the name of its site, its logo."""
