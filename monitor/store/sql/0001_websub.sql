-- WebSub: hubs asked to push what feeds publish. A feed that changes its hub has two rows until the old one is ended.

CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    secret TEXT,
    state TEXT NOT NULL DEFAULT 'wanted',
    lease_until TEXT,
    due_at TEXT NOT NULL,
    claimed_until TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '',
    last_push_at TEXT
) STRICT;

CREATE INDEX subscriptions_due ON subscriptions (due_at);

CREATE INDEX subscriptions_by_feed ON subscriptions (feed_id);
