"""The core's migrations, and the environment that every stream shares."""
