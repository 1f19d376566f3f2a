-- Lines of the pages of a host, by hash, with the first three stories in which they stood: from the third on, a line
-- is the host's and not an article's.

CREATE TABLE host_lines (
    host TEXT NOT NULL,
    line INTEGER NOT NULL,
    first_story INTEGER NOT NULL,
    second_story INTEGER,
    third_story INTEGER,
    seen TEXT NOT NULL,
    PRIMARY KEY (host, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX host_lines_seen ON host_lines (seen);

-- What the server gave with a page that will be read again, and the revision of the entry that it was read for.

CREATE TABLE page_validators (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    received TEXT NOT NULL
) STRICT;
