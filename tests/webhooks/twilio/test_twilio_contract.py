"""What we ask of Twilio fits Twilio's own OpenAPI file, as Stoplight Prism judges it; `make test` brings both."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.support.doubles.host_swap import HostSwap
from tests.support.services import need
from webhooks.events import DialAgent, DialCitizen
from webhooks.twilio.calls import TwilioCalls, hand_on, open_room, ring_in
from webhooks.twilio.sender import TwilioSender

FOLDER = Path(__file__).parent.parent / "contract" / "node_modules"
CONTRACT = FOLDER / "@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
ACCOUNT = "AC" + "0" * 32
CALL = "CA" + "0" * 32

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def prism():
    need(() if CONTRACT.exists() and shutil.which("node") else ("Prism and Twilio's OpenAPI file",))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(FOLDER / ".bin/prism"), "mock", "-p", str(port), "-h", "127.0.0.1", str(CONTRACT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def wait_for(url):
    for _ in range(240):
        try:
            return requests.get(url, timeout=1)
        except requests.RequestException:
            time.sleep(0.25)
    pytest.fail("Prism did not start within a minute")


@pytest.fixture
def sender(prism):
    callback = "https://hotline.example.gov.cn/webhooks/twilio/sms/status"
    return TwilioSender(ACCOUNT, "a-token", "+8637212345", callback, HostSwap(prism, timeout=20))


def test_the_contract_really_judges(prism):
    url = f"{prism}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = requests.post(url, data={"Body": "x"}, auth=(ACCOUNT, "a-token"), timeout=20)
    assert answer.status_code == 422


def test_our_text_fits_the_contract(sender):
    assert sender.send("13800001234", "survey", {}, "您反映的事项已办结。", "17")


def test_our_look_for_a_text_fits_the_contract(sender):
    assert isinstance(sender.find("13800001234", datetime(2020, 1, 1, tzinfo=UTC)), list)


@pytest.fixture
def calls(prism):
    return TwilioCalls(ACCOUNT, "a-token", "+8637212345", "https://hotline.example.gov.cn", HostSwap(prism, timeout=20))


def test_our_steering_of_a_call_fits_the_contract(calls):
    hand_on(calls, CALL, "+86372110")
    open_room(calls, CALL, CALL, CALL)
    calls.end(CALL)


def test_ringing_110_into_a_call_fits_the_contract(calls):
    assert ring_in(calls, CALL, "+86372110", "leg-1")


def test_calling_a_citizen_back_fits_the_contract(calls):
    then = DialCitizen("+8613800001234", "+8637212345", "out-1")
    assert calls.call_back(DialAgent("an", "+863722525252", via="number"), then, ("请稍候。",))
    assert calls.call_back(DialAgent("an", "an"), then)
