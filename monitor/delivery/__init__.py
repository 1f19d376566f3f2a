"""How an alert becomes a message in each family of channels, how it is sent, and what follows a failure."""
