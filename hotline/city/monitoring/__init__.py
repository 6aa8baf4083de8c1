"""The rules by which the work of the units is monitored: a row of the city's monitoring.yaml each."""
