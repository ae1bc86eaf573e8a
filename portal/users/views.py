"""The pages of this feature, gathered for the factory."""

from portal.users import account_views, activation_views, login_views
from portal.users.blueprint import blueprint

__all__ = ["account_views", "activation_views", "blueprint", "login_views"]
