"""The cache between processes while Redis is away, and when it is back."""

from pathlib import Path

import pytest

from config.caches import SharedCache
from tests.services import Redis, free_port


def test_each_process_remembers_for_itself_while_redis_is_away() -> None:
    cache = SharedCache(f"redis://127.0.0.1:{free_port()}/0", {})
    assert cache.get("a") is None
    assert cache.add("a", 1, 30)
    assert not cache.add("a", 2, 30)
    assert cache.get("a") == 1
    assert cache.get_many(["a", "b"]) == {"a": 1}
    assert cache.delete("a")


@pytest.mark.full
def test_redis_is_asked_again_once_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.caches.AGAIN_AFTER", 0.0)
    redis = Redis(tmp_path).start()
    one, other = SharedCache(redis.url, {}), SharedCache(redis.url, {})
    one.set("k", "shared", 30)
    assert other.get("k") == "shared"
    redis.stop()
    assert one.get("k") is None
    one.set("k", "own", 30)
    redis.start()
    assert one.get("k") is None, "Redis came back empty and is what counts again"
    redis.stop()
