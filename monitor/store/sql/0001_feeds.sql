-- Feeds with what their polls have taught, and entries: the queue between poll and ingest.

CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    configured_url TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    spec TEXT NOT NULL,
    -- Of the user's request headers, which are secrets and not kept: other headers void the validators.
    headers_digest TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1,
    health TEXT NOT NULL DEFAULT 'new',
    next_poll_at TEXT,
    next_poll_reason TEXT NOT NULL DEFAULT '',
    lease_until TEXT,
    added_at TEXT NOT NULL,
    polls INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since TEXT,
    last_poll_at TEXT,
    last_success_at TEXT,
    last_full_answer_at TEXT,
    last_entry_at TEXT,
    problem TEXT NOT NULL DEFAULT '',
    appetite REAL NOT NULL DEFAULT 1.0,
    -- From when on the feed, left as it is, may be worth a word to the operator.
    alarm_at TEXT,
    learnt TEXT NOT NULL DEFAULT '{}',
    seen_items BLOB NOT NULL DEFAULT x''
) STRICT;

CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE active = 1;

CREATE INDEX feeds_leased ON feeds (lease_until) WHERE lease_until IS NOT NULL;

CREATE INDEX feeds_alarming ON feeds (alarm_at) WHERE alarm_at IS NOT NULL;

CREATE TABLE poll_budget (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    scale_s REAL NOT NULL,
    solved_at TEXT NOT NULL
) STRICT;

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    guid TEXT,
    url TEXT,
    -- Of the page: one slow host must not keep the pages of others waiting.
    host TEXT NOT NULL DEFAULT '',
    link_key TEXT,
    title_key TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    listed TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    revised_at TEXT,
    revision INTEGER NOT NULL DEFAULT 0,
    baseline INTEGER NOT NULL DEFAULT 0,
    flood INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done')),
    changed_since_claim INTEGER NOT NULL DEFAULT 0,
    due_at TEXT,
    lease_until TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    done_at TEXT,
    -- The feed's text is dropped once the entry is done with: the article has it.
    emptied INTEGER NOT NULL DEFAULT 0,
    article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL
) STRICT;

CREATE INDEX entries_by_guid ON entries (feed_id, guid);

CREATE INDEX entries_by_link ON entries (feed_id, link_key);

CREATE INDEX entries_by_text ON entries (feed_id, text_hash);

CREATE INDEX entries_by_url ON entries (url);

CREATE INDEX entries_queued ON entries (due_at) WHERE state = 'queued';

CREATE INDEX entries_to_empty ON entries (id) WHERE state = 'done' AND emptied = 0;

CREATE INDEX entries_leased ON entries (host) WHERE lease_until IS NOT NULL;

CREATE INDEX entries_by_article ON entries (article_id) WHERE article_id IS NOT NULL;
