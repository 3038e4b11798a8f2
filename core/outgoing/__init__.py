"""What is recorded here, told to the outside: to plugins that listen, and to webhooks that a brand sets up."""
