"""The product's own pages answer the simulator in this process, as they would over HTTP."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from twilio.request_validator import RequestValidator

from telephony.simulator.documents import Reader
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Account, Hooks
from tests.telephony.simulator import product
from tests.telephony.simulator.words import twiml

ACCOUNT = "AC" + "0" * 31 + "1"
NUMBER = "+212520000001"


def voice(request):
    signed = RequestValidator("token").validate(
        request.build_absolute_uri(), request.POST, request.headers["X-Twilio-Signature"]
    )
    if not signed:
        return HttpResponse(status=403)
    if request.POST["From"].endswith("9"):
        raise RuntimeError("an error of the product's own")
    return HttpResponse(twiml(f'<Say language="fr-FR">{request.GET["line"]}</Say>'), "text/xml")


voice.login_required = False
voice.csrf_exempt = True
urlpatterns = [path("hooks/voice/", voice)]


@pytest.fixture
def world():
    url = f"{settings.PUBLIC_URL}/hooks/voice/?line=un"
    account = Account(ACCOUNT, "token", numbers={NUMBER: Hooks(url)})
    origin = settings.PUBLIC_URL
    client = Client()
    with override_settings(ROOT_URLCONF=__name__):
        yield Simulator(
            product.post(client), get=product.get(client), account=account,
            reader=Reader(frozenset({origin})),
        )  # fmt: skip


def test_a_view_answers_a_call_and_its_signature_holds(db, world):
    call = world.ring("+212600000001", NUMBER)
    world.run()
    assert [one.detail["text"] for one in world.history if one.what == "heard"] == ["un"]
    assert call.status == "completed"


def test_an_error_of_the_product_is_a_500_and_the_call_is_lost(db, world):
    world.ring("+212600000009", NUMBER)
    with pytest.raises(AssertionError, match="5xx"):
        world.run()
