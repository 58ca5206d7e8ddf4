"""The library's engine in a cluster of Elasticsearch, fed with the terms that our analysis makes.

Words: the *alias* is the name questions go to, with a digest of what the index was built with, so that
programs of two versions never read each other's; a *generation* is an index `ALIAS-N` behind it. A next
one is filled beside the live one and takes over the alias in one step. Reading a vocabulary is left to
the index on disk, which every host keeps.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from elasticsearch.helpers import bulk
from elasticsearch_dsl import MultiSearch, Search

from knowledge.search.engines import elastic_schema as schema
from knowledge.search.engines.elastic_client import (
    PROBE,
    READING,
    SCAN,
    WRITING,
    Cluster,
    client,
    guarded,
)
from knowledge.search.engines.limits import within
from knowledge.search.engines.port import Document, EngineBroken, Found
from knowledge.search.expansion import Question

State = tuple[int, int, int]
"""Documents, largest and sum of their stamps' numbers, as `library.fingerprint` gives them."""
CHUNK = 200
"""Documents of one request, about half a megabyte."""
KEPT_SECONDS = 24 * 3600
"""Indexes that another version built are kept so long: it may still serve on another host."""
_PAGE = 1_000


class ElasticEngine:
    """Safe to share between threads; several hosts may write the same, each row by its key."""

    def __init__(self, cluster: Cluster, *, reading: float = READING) -> None:
        self._reading = reading
        self._client = client(cluster).options(request_timeout=reading)
        self._probing = self._client.options(request_timeout=PROBE)
        self._writing = self._client.options(request_timeout=WRITING)
        self._family = f"{cluster.prefix}-library-"

    @property
    def alias(self) -> str:
        built_with = json.dumps(schema.versions(), sort_keys=True)
        return self._family + hashlib.sha256(built_with.encode()).hexdigest()[:8]

    # --- reading ----------------------------------------------------------------------------

    def find(
        self, question: Question, *, lang: str = "", theme: str = "", limit: int = 10
    ) -> Sequence[Found]:
        """The best documents, best first. Raises EngineBroken."""
        return self.find_each(question, langs=(lang,), theme=theme, limit=limit)[0]

    def find_each(
        self, question: Question, *, langs: Sequence[str], theme: str = "", limit: int = 10
    ) -> list[list[Found]]:
        """The same for several languages, in one request and one time limit. Raises EngineBroken."""
        if question.is_empty:
            return [[] for _ in langs]
        alias = self.alias
        asked = MultiSearch(using=self._client)
        for lang in langs:
            asked = asked.add(
                schema.search(
                    alias, question, lang=lang, theme=theme, limit=limit, seconds=self._reading
                )
            )
        with guarded():
            answers = within(self._reading, asked.execute)
            return [schema.found(answer.to_dict()) for answer in answers]

    def live(self) -> str:
        """Name of the index in use; empty when there is none that we built. Raises EngineBroken."""
        with guarded():
            names = self._generations(live=True)
        return names[0] if len(names) == 1 else ""

    def state(self, index: str) -> State:
        """Raises EngineBroken."""
        asked = Search(using=self._probing, index=index).extra(size=0, track_total_hits=True)
        asked.aggs.metric("last", "max", field="number")
        asked.aggs.metric("sum", "sum", field="number")
        with guarded():
            answer = within(PROBE, asked.execute).to_dict()
            schema.found(answer)
            last, total = (answer["aggregations"][name]["value"] for name in ("last", "sum"))
            return int(answer["hits"]["total"]["value"]), int(last or 0), int(total or 0)

    def stamps(self, index: str) -> dict[str, str]:
        """{key: stamp} of what is indexed. Raises EngineBroken."""
        every = Search(using=self._writing, index=index).source(["stamp"]).params(size=_PAGE)
        with guarded():
            return within(SCAN, lambda: {row.meta.id: row.stamp for row in every.scan()})

    # --- writing ----------------------------------------------------------------------------

    def next(self, *, anew: bool = False) -> str:
        """Name of the index to fill beside the live one: one begun before, or `anew`. Raises EngineBroken."""
        with guarded():
            live, every = self._generations(live=True), self._generations()
            newest = every[-1] if every else ""
            if newest and not anew and newest not in live:
                return newest
            made = f"{self.alias}-{_number(newest) + 1}"
            self._writing.indices.create(
                index=made, mappings=schema.mapping().to_dict(), settings=schema.SETTINGS
            )
            return made

    def write(
        self,
        index: str,
        documents: list[Document],
        *,
        gone: Sequence[str] = (),
        more: bool = False,
    ) -> None:
        """Put in the documents, each in place of one of the same key, take out those gone.

        They are found at once, or with the last of several writes when `more` follow. Raises EngineBroken when any of them was refused.
        """
        rows = list(schema.rows(index, documents, list(gone)))
        send = partial(bulk, self._writing, rows, chunk_size=CHUNK, raise_on_error=False)
        with guarded():
            _, errors = within(WRITING, send)
            refused = [told for told in cast("list[Any]", errors) if not _was_absent(told)]
            if refused:
                status = next(iter(refused[0].values())).get("status")
                raise EngineBroken(f"Elasticsearch refused {len(refused)} documents: {status}")
            if not more:
                self._writing.indices.refresh(index=index)

    def swap_to(self, index: str) -> None:
        """Put a filled index in use in one step; the one before stays for questions under way.

        Raises EngineBroken when the index is not one that we made: written to after somebody deleted
        it, it would have been made anew by the server, with fields of its own.
        """
        with guarded():
            if index not in self._generations():
                raise EngineBroken(f"{index} is not of our making")
            live = self._generations(live=True)
            every = {"index": f"{self.alias}-*", "alias": self.alias, "must_exist": False}
            taken = {"index": index, "alias": self.alias}
            self._writing.indices.update_aliases(actions=[{"remove": every}, {"add": taken}])
            self._drop_old(but=[index, *live])

    def drop_all(self) -> None:
        """Take every index of this prefix away: an evaluation's own, or those of a centre that leaves."""
        with guarded():
            names = [str(name) for name in self._writing.indices.get(index=f"{self._family}*").body]
            if names:
                self._writing.indices.delete(index=names)

    def _generations(self, *, live: bool = False) -> list[str]:
        """Indexes built with the versions of now, oldest first; only those behind the alias if `live`."""
        which = self.alias if live else f"{self.alias}-*"
        reader = self._probing.options(ignore_status=404)
        ask = partial(reader.indices.get, index=which, filter_path="*.mappings._meta")
        told = within(PROBE, ask).body
        ours = [
            str(name)
            for name, kept in told.items()
            if name.startswith(self.alias) and kept["mappings"]["_meta"] == schema.versions()
        ]
        return sorted(ours, key=_number)

    def _drop_old(self, *, but: Sequence[str]) -> None:
        told: dict[str, Any] = self._writing.indices.get(
            index=f"{self._family}*", filter_path="*.settings.index.creation_date"
        ).body
        long_ago = (time.time() - KEPT_SECONDS) * 1000
        old = [
            name
            for name, kept in told.items()
            if name not in but
            and (
                name.startswith(f"{self.alias}-")
                or int(kept["settings"]["index"]["creation_date"]) < long_ago
            )
        ]
        if old:
            self._writing.indices.delete(index=old)


def _was_absent(told: dict[str, dict[str, Any]]) -> bool:
    """What was to be taken out and is not there."""
    return told.get("delete", {}).get("status") == 404


def _number(index: str) -> int:
    last = index.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0
