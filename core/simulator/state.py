"""Where an installation keeps what its simulator remembers."""

STATE = "simulator.json"
