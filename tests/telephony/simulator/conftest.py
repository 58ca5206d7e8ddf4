"""What these tests begin with: a server that is told what to answer, and the simulator beside it."""

import pytest

from telephony.simulator.simulator import Simulator
from tests.telephony.simulator.centre import Server, simulator


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def world(server: Server) -> Simulator:
    return simulator(server)
