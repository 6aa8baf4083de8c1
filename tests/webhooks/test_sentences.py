"""Every sentence that this room says to a person has its English, with the same places to fill in."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from hotline.i18n import _, english, speaking
from webhooks import numbers, send_errors, texts
from webhooks.gateway import sender as template_gateway
from webhooks.partners.posts import blueprint
from webhooks.partners.signed import LONGEST_POST
from webhooks.twilio import sender as twilio_sender

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def said():
    """All Chinese constants of the modules that hold sentences."""
    for module in (texts, numbers, send_errors):
        yield from (v for k, v in vars(module).items() if k.isupper() and isinstance(v, str) and CHINESE.search(v))
    yield from twilio_sender.PERMANENT.values()
    yield from template_gateway.PERMANENT.values()


@pytest.mark.parametrize("sentence", sorted(set(said())))
def test_a_sentence_has_its_english(sentence):
    places = re.compile(r"%\((\w+)\)s")
    assert sentence in english()
    assert set(places.findall(english()[sentence])) == set(places.findall(sentence))
    assert not CHINESE.search(english()[sentence])


def test_the_application_may_lend_its_own_voice(installation):
    app = Flask("english")
    app.register_blueprint(blueprint(installation.inbox, {}, installation.clock, say=_))
    with speaking("en"):
        answer = app.test_client().post("/webhooks/partners/x/posts", data=b"x" * (LONGEST_POST + 1))
        assert answer.get_json()["detail"] == "The request is larger than the limit of 400000 bytes."
    answer = app.test_client().post("/webhooks/partners/x/posts", data=b"{}")
    assert answer.get_json()["detail"] == "没有这个合作平台。"
