-- What the service tells about itself: the heartbeat that `monitor health` reads, and when it started.
CREATE TABLE service (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
