-- Hits, alerts, suppressions, silences, and since when each watch runs in its present wording.

CREATE TABLE hits (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    story_id INTEGER REFERENCES stories(id) ON DELETE SET NULL,
    watch TEXT NOT NULL,
    score REAL NOT NULL,
    background INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    spans TEXT NOT NULL,
    found TEXT NOT NULL,
    UNIQUE (article_id, watch)
) STRICT;
CREATE INDEX hits_by_watch ON hits(watch, found);
CREATE INDEX hits_by_story ON hits(story_id);

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('new', 'update', 'corroborated', 'digest', 'notice')),
    watch TEXT NOT NULL,
    severity TEXT NOT NULL,
    score REAL NOT NULL,
    story_id INTEGER REFERENCES stories(id) ON DELETE SET NULL,
    article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
    entry_id INTEGER REFERENCES entries(id) ON DELETE SET NULL,
    feed TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    independent INTEGER NOT NULL DEFAULT 0,
    -- JSON: casualties by kind that its article gave, which is what the reader was told.
    counts TEXT NOT NULL DEFAULT '{}',
    in_reply_to INTEGER REFERENCES alerts(id) ON DELETE SET NULL,
    payload TEXT NOT NULL,
    -- Notices and digests are told once for each key.
    once_key TEXT UNIQUE,
    verdict TEXT CHECK (verdict IN ('useful', 'noise')),
    acknowledged TEXT,
    acknowledged_by TEXT,
    note TEXT
) STRICT;
CREATE INDEX alerts_by_story ON alerts(story_id, watch);
CREATE INDEX alerts_by_article ON alerts(article_id);
CREATE INDEX alerts_by_entry ON alerts(entry_id);
CREATE INDEX alerts_by_reply ON alerts(in_reply_to);
CREATE INDEX alerts_by_time ON alerts(created);

CREATE TABLE suppressions (
    id INTEGER PRIMARY KEY,
    watch TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    severity TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    entry_id INTEGER REFERENCES entries(id) ON DELETE SET NULL,
    story_id INTEGER REFERENCES stories(id) ON DELETE SET NULL,
    feed TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    last TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    -- Grows with every suppression: a digest goes on where the last one ended, whatever the clock does.
    seq INTEGER NOT NULL,
    -- The alert that this would have been, for digests and for a hold that ends.
    payload TEXT NOT NULL,
    channels TEXT NOT NULL,
    in_digest INTEGER NOT NULL DEFAULT 0,
    -- 1 until one message for all that came at once (a feed's first poll, a flood) has told of it.
    untold INTEGER NOT NULL DEFAULT 0,
    -- When an unconfirmed hold ends; NULL once it has ended.
    release_at TEXT,
    UNIQUE (article_id, watch, reason)
) STRICT;
CREATE INDEX suppressions_by_story ON suppressions(story_id, watch, reason, created);
CREATE INDEX suppressions_by_entry ON suppressions(entry_id);
CREATE INDEX suppressions_for_digest ON suppressions(seq) WHERE in_digest = 1;
CREATE INDEX suppressions_untold ON suppressions(reason) WHERE untold = 1;
CREATE UNIQUE INDEX suppressions_by_seq ON suppressions(seq);
CREATE INDEX suppressions_to_release ON suppressions(release_at) WHERE release_at IS NOT NULL;

CREATE TABLE silences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    watch TEXT NOT NULL DEFAULT '',
    story_id INTEGER REFERENCES stories(id) ON DELETE CASCADE,
    feed TEXT NOT NULL DEFAULT '',
    term TEXT NOT NULL DEFAULT '',
    starts TEXT NOT NULL,
    until TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    created TEXT NOT NULL,
    CHECK (watch != '' OR story_id IS NOT NULL OR feed != '' OR term != '')
) STRICT;
CREATE INDEX silences_by_end ON silences(until);
CREATE INDEX silences_by_story ON silences(story_id);

CREATE TABLE watch_runs (
    watch TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
