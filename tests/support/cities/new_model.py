"""The model of a new installation, for those who measure with it."""

from __future__ import annotations

from functools import cache

from classifier.category.seed_corpus import blend
from classifier.category.train import Model, train
from classifier.text.words import load_words
from hotline.city.loader import load_city
from hotline.settings import ROOT
from hotline.training.examples import starter_pairs, starter_requests
from hotline.training.nightly import hear_requests

CITY = ROOT / "hotline" / "city" / "anyang"


@cache
def starter_model() -> Model:
    """A model with all categories of the city, request types and urgency, as a new installation has it."""
    load_words(load_city(CITY).vocabulary)
    model = train(blend(starter_pairs(CITY), []))
    hear_requests(model, starter_requests(CITY))
    return model
