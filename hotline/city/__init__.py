"""A city is data: its folder of files, checked by sentences and built into one frozen value."""

from hotline.city.loader import load_city
from hotline.city.mistakes import CityMistakes, Mistake
from hotline.city.schema import City, worded

__all__ = ["City", "CityMistakes", "Mistake", "load_city", "worded"]
