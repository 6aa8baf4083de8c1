"""A database with a standby has several addresses: whoever connects wants the one that writes, wherever it is now."""

from __future__ import annotations

from sqlalchemy import URL, make_url

SECONDS = "3"
"""So long one address may keep us waiting before the next is asked."""

GIVEN_UP_MS = "10000"
"""A connection whose other end has vanished without a word is given up after so long."""


def to_the_writing_one(url: str) -> str:
    """`postgresql://…?host=one:5432&host=two:5432`, completed so that only the one that takes writes is connected to."""
    told = make_url(url) if url.startswith("postgresql") else None
    if told is None or not isinstance(told.query.get("host"), tuple):
        return url
    wanted = {"target_session_attrs": "read-write", "connect_timeout": SECONDS, "tcp_user_timeout": GIVEN_UP_MS}
    return written(told.update_query_dict({**wanted, **told.query}))


def as_libpq(url: str) -> str:
    """As PostgreSQL's own programs read it: several hosts are one word with commas."""
    told = make_url(url).set(drivername="postgresql") if url.startswith("postgresql") else None
    hosts = told.query.get("host") if told is not None else None
    if told is None or not isinstance(hosts, tuple):
        return url.replace("postgresql+psycopg://", "postgresql://", 1)
    parts = [(one, "") if one.startswith("/") else one.partition(":")[::2] for one in hosts]
    query = {**told.query, "host": ",".join(name for name, _port in parts)}
    if any(port for _name, port in parts):
        query["port"] = ",".join(port or "5432" for _name, port in parts)
    return written(told.set(query=query))


def written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
