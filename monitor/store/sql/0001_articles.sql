-- Articles, the keys by which they are recognised, the stories they belong to, and every verdict with its reasons.
CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  url_key TEXT NOT NULL,
  feed TEXT NOT NULL,
  publisher TEXT NOT NULL,
  title TEXT NOT NULL,
  lead TEXT NOT NULL,
  text TEXT NOT NULL,
  language TEXT,
  author TEXT,
  site TEXT,
  published TEXT,
  canonical_url TEXT,
  method TEXT NOT NULL,
  partial TEXT,
  partial_detail TEXT NOT NULL DEFAULT '',
  -- JSON: titles, feed_tags, dateline, amp_url
  extra TEXT NOT NULL DEFAULT '{}',
  seen TEXT NOT NULL,
  -- The time that counts for closeness: published where it is credible, else first seen.
  happened TEXT NOT NULL,
  changed TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  content_hash INTEGER NOT NULL,
  -- JSON: casualties by kind that title and lead give
  counts TEXT NOT NULL DEFAULT '{}',
  -- All shingles (32 bits each) and the sampled sketch (64 bits each); emptied when too old to be a copy's source.
  shingles BLOB NOT NULL,
  sketch BLOB NOT NULL,
  story_id INTEGER NOT NULL REFERENCES stories(id),
  copy_of INTEGER REFERENCES articles(id)
) STRICT;
CREATE INDEX articles_seen ON articles(seen);
CREATE INDEX articles_story ON articles(story_id);
CREATE INDEX articles_copy_of ON articles(copy_of) WHERE copy_of IS NOT NULL;
-- The URL key of an article, of its canonical URL and of every other address it was seen under.
CREATE TABLE article_keys (
  key TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_keys_article ON article_keys(article_id);
CREATE TABLE article_guids (
  feed TEXT NOT NULL,
  guid TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  PRIMARY KEY (feed, guid)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_guids_article ON article_guids(article_id);
-- What an earlier version of an article said, for `monitor why` and `monitor stories show`.
CREATE TABLE article_versions (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  version INTEGER NOT NULL,
  replaced TEXT NOT NULL,
  title TEXT NOT NULL,
  words INTEGER NOT NULL,
  -- JSON: the keyed counts and the numbers of that version
  facts TEXT NOT NULL,
  PRIMARY KEY (article_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE sketch (
  h INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (h, article_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE stories (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  first_article_id INTEGER REFERENCES articles(id),
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  last_happened TEXT NOT NULL,
  articles INTEGER NOT NULL DEFAULT 0,
  sources INTEGER NOT NULL DEFAULT 0,
  independent INTEGER NOT NULL DEFAULT 0,
  -- JSON: weighted terms, lead terms, names, numbers and counts of the articles that are no copies
  profile TEXT NOT NULL,
  merged_into INTEGER REFERENCES stories(id)
) STRICT;
CREATE INDEX stories_last_seen ON stories(last_seen);
CREATE INDEX stories_first_seen ON stories(first_seen);
CREATE TABLE story_terms (
  term INTEGER NOT NULL,
  story_id INTEGER NOT NULL,
  PRIMARY KEY (term, story_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_terms_story ON story_terms(story_id);
-- Publishers (copies included), origins of first-hand reports, and the publishers counted as independent.
CREATE TABLE story_sources (
  story_id INTEGER NOT NULL REFERENCES stories(id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (story_id, kind, name)
) STRICT, WITHOUT ROWID;
-- One verdict of the ladder: what an article was recognised as, by which figures, and why. Unchanged items leave none.
CREATE TABLE placements (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  story_id INTEGER NOT NULL,
  rung TEXT NOT NULL,
  target INTEGER,
  url TEXT NOT NULL,
  feed TEXT NOT NULL,
  scores TEXT NOT NULL,
  reason TEXT NOT NULL,
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX placements_article ON placements(article_id);
CREATE INDEX placements_story ON placements(story_id);
-- What was learnt of a feed: hashes of the sentences of its latest articles, and whether its guids can be trusted.
CREATE TABLE feed_traits (
  feed TEXT PRIMARY KEY,
  sentences BLOB NOT NULL,
  guids_unreliable INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- In how many counted articles a term stands; id 0 has the number of counted articles.
CREATE TABLE term_counts (
  term INTEGER PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT;
-- How far `monitor replay` has come with each file of items.
CREATE TABLE replay_progress (
  source TEXT PRIMARY KEY,
  items INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
