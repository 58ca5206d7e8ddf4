"""The words by which people and associations are found. Every act that writes a name calls this."""

from collections.abc import Iterable

from django.db import transaction

from helpdesk.associations import names
from helpdesk.associations.models import Association, NameWord, Person


def folded(*written: str) -> str:
    """The folded names as stored beside the names."""
    return " ".join(filter(None, map(names.fold, written)))


@transaction.atomic
def write_name_words(
    *, associations: Iterable[Association] = (), people: Iterable[Person] = ()
) -> int:
    """Write the words of these rows anew, in few queries for many rows; how many words."""
    associations, people = list(associations), list(people)
    NameWord.objects.filter(association__in=associations).delete()
    NameWord.objects.filter(person__in=people).delete()
    rows = [
        NameWord(word=word, association=one)
        for one in associations
        for word in sorted(names.index_words(one.name_ar, one.name_fr))
    ]
    rows += [
        NameWord(word=word, person=one)
        for one in people
        for word in sorted(names.index_words(one.name, one.other_name))
    ]
    return len(NameWord.objects.bulk_create(rows, batch_size=2000))
