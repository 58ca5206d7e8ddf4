"""The words by which people and associations are found. Every act that writes a name calls this."""

from collections import defaultdict
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
    others: dict[int | None, list[Person]] = defaultdict(list)
    for one in Person.objects.filter(merged_into__in=people):
        others[one.merged_into_id].append(one)
    rows = [
        NameWord(word=word, association=one)
        for one in associations
        for word in sorted(names.index_words(one.name_ar, one.name_fr))
    ]
    rows += [
        NameWord(word=word, person=one)
        for one in people
        if one.merged_into_id is None
        for word in sorted(names.index_words(*_names_of([one, *others[one.pk]])))
    ]
    return len(NameWord.objects.bulk_create(rows, batch_size=2000))


def _names_of(rows: Iterable[Person]) -> list[str]:
    """One's own, and those of the rows that turned out to be this person."""
    return [name for row in rows for name in (row.name, row.other_name) if name]
