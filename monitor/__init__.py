"""newsmonitor: watches the news and alerts once per event, with a reason for every alert and every silence."""

__version__ = "0.1.0"
