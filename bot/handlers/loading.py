"""Loading programme files: stored as they are, and told to the coordinators where they change something for people."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.programmes import Programme
from bot.flows import loading
from bot.handlers.audiences import coordinators
from bot.handlers.visit import Visit
from storage import programmes
from storage.programmes import Loaded


def load_files(visit: Visit, found: Iterable[Programme]) -> list[Loaded]:
    """Store what programme files say, as new versions of those that were there; what that changed."""
    done = [programmes.load_file(visit.connection, programme, visit.now) for programme in found]
    for loaded in done:
        if loaded.changed or loaded.added or loaded.newly_agreed:
            _tell(visit, _news_of(loaded))
    return done


def _news_of(loaded: Loaded) -> loading.News:
    added = tuple(loaded.programme.occasion(id) for id in loaded.added)
    return loading.News(loaded.programme, loaded.changed, added, loaded.told, loaded.told_at)


def _tell(visit: Visit, news: loading.News) -> None:
    view = loading.card(news)
    for person in coordinators(visit):
        visit.tell(person, view, key=f"loaded:{news.programme.id}:{visit.now.isoformat()}:{person}")
