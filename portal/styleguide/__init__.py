"""The page that shows every macro with content like the real one."""
