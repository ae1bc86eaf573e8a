"""What `python3 manage.py test` does inside the environment: every check there is."""
