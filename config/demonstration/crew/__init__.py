"""Colleagues who work while the simulated network rings: through the pages, as people at a browser would.

who          who they are: laid when they come, gone when they leave
browser      one browser: signed in, its pages, its forms
forms        what a form of a page would send
desk         what advisors and a supervisor do at the desk (`simulator.actors.Desk`)
cards        a call's card, written down
standing_in  the voice of a real person's page, which has no network to dial
comparing    what the pages say beside what really happened
"""
