-- The outbox: one row for each alert and channel, every attempt at it, and what is known of each channel.

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id INTEGER NOT NULL REFERENCES alerts(id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'sending', 'sent', 'retry', 'held', 'dead', 'dropped', 'digested')),
    attempts INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    due TEXT NOT NULL,
    retry_until TEXT NOT NULL,
    idempotency_key TEXT NOT NULL UNIQUE,
    plain INTEGER NOT NULL DEFAULT 0,
    hold_reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL,
    -- The digest that told it, in state digested.
    told_by INTEGER REFERENCES alerts(id) ON DELETE SET NULL,
    UNIQUE (alert_id, channel)
) STRICT;
CREATE INDEX deliveries_due ON deliveries(channel, due, id) WHERE state IN ('new', 'retry');
CREATE INDEX deliveries_sending ON deliveries(channel) WHERE state = 'sending';
CREATE INDEX deliveries_held ON deliveries(channel, due) WHERE state = 'held';
CREATE INDEX deliveries_sent ON deliveries(channel, changed) WHERE state = 'sent';
CREATE INDEX deliveries_told_by ON deliveries(told_by);

CREATE TABLE delivery_attempts (
    id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES deliveries(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    -- NULL while it runs; 'sent', a kind of failure, or 'interrupted'.
    outcome TEXT,
    status INTEGER,
    detail TEXT NOT NULL DEFAULT '',
    UNIQUE (delivery_id, number)
) STRICT;

CREATE TABLE channel_states (
    channel TEXT PRIMARY KEY,
    paused_until TEXT,
    broken_since TEXT,
    -- When a broken channel is next tried with one message.
    probe_at TEXT,
    probes INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE digests (
    channel TEXT NOT NULL,
    -- Local date, or date and time where a channel has several a day: once for each, whatever the clock does.
    slot TEXT NOT NULL,
    alert_id INTEGER REFERENCES alerts(id) ON DELETE SET NULL,
    upto TEXT NOT NULL,
    -- The last suppression that was considered.
    upto_seq INTEGER NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (channel, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX digests_by_alert ON digests(alert_id);
