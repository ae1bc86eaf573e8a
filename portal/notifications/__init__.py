"""Notices in the portal, receipts, reminders and mail."""
