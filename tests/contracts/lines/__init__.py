"""What the suite of lines is played on: one stage for each line, with the same few words.

A *stage* has one caller and the people of the desk. What the desk does goes over our own pages' addresses
and is the same on every line; what a line brings (the caller, the pages' voices, who really hears whom) is
the stage's own.
"""
