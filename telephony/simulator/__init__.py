"""Plays Twilio for our server: its REST surface with state, our documents carried out, its webhooks.

It knows nothing of our tables and of none of our words: whatever it learns of the server, it learns
as Twilio would, by what the server answers and asks. Facts: Twilio's documentation pages and its
OpenAPI file (2026-04-14); what is not documented is said where it is decided.

In one process, on a clock of its own:

    world = Simulator(post, account=Account(…), seed=7, adversary=Adversary(Rates(repeat=0.1), 7))
    client = twilio.rest.Client(sid, token, http_client=SimulatedHttp(world.rest, timeout=5))
    call = world.ring("+212600000001", number, Scripted(["1"]))     # presses 1, then is silent
    world.connect("advisor_1", application, claim="…")               # or dial_in(access token)
    world.run(60)                                                    # a minute; raises a Complaint

`post(url, form, headers)` is the server. Beside another process, in real time: `live.Live`.

    state, world, clock       what is held, what is due, what goes out
    documents, values, allowed      our documents, read strictly
    flow, running, queueing, rooms, recording, announcing, calling, messaging      carried out
    rest/                     the surface our client asks, and how it fails
    posting, overrides, signing, parameters      how the server is asked
    adversary, load, seeds/, actors, traffic     who calls, and what lies in the way
    truth                     what really happened, to compare with rows
    tokens, sounds            what a browser is let in by; whether what is played exists
"""
