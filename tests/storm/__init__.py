"""The storm: a whole city under load whose processes are killed at random, and what is left of it afterwards."""
