"""The centre's face in public pages."""

from django import template

from helpdesk.centre.face import Face, face

register = template.Library()


@register.simple_tag
def the_face() -> Face:
    return face()
