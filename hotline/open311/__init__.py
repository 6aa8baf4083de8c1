"""Open311 GeoReport v2: the published way in which other programs of a city report matters and read what is public.

https://wiki.open311.org/GeoReport_v2
"""
