PRAGMA application_id = 1853322093;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'newsmonitor','v0001','2026-11-23 11:33:04.309493+00:00');
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
    counts TEXT NOT NULL DEFAULT '{}',
    in_reply_to INTEGER REFERENCES alerts(id) ON DELETE SET NULL,
    payload TEXT NOT NULL,
    once_key TEXT UNIQUE,
    verdict TEXT CHECK (verdict IN ('useful', 'noise')),
    acknowledged TEXT,
    acknowledged_by TEXT,
    note TEXT
) STRICT;
INSERT INTO "alerts" VALUES(1,'new','balkh-explosion','medium',1.0,2,2,2,'north','2024-04-02T13:00:00.000000Z',1,'{"killed":[1],"injured":[1]}',NULL,'{"version": 1, "alert": 1, "kind": "new", "watch": "balkh-explosion", "severity": "medium", "score": 1.0, "reasons": ["@balkh in the title", "@explosion in the title", "3 words apart"], "story": {"id": 2, "first_seen": "2024-04-02T13:00:00Z", "sources": 1, "independent": 1}, "article": {"title": "Blast kills one in Balkh house", "url": "http://north.localhost:38207/blast.html", "site": "north.localhost", "author": null, "published": null, "seen": "2024-04-02T13:00:00Z", "language": "en", "lead": "A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh province on Tuesday evening, killing at least one person and wounding another, local sources said.", "excerpt": "A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh province on Tuesday evening, killing at least one person and wounding another, local sources said. Three people with minor injuries left the house on foot before the security command closed the road to Mazar-e-Sharif.", "highlights": [[2, 7, "@explosion"], [95, 100, "@balkh"], [303, 317, "@balkh"]], "partial": null}, "changes": [], "created": "2024-04-02T13:00:00Z", "text": "", "in_reply_to": null}',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "alerts" VALUES(2,'new','balkh-explosion','medium',1.0,3,3,3,'south','2024-04-02T13:00:00.000000Z',1,'{"injured":[9,7]}',NULL,'{"version": 1, "alert": 2, "kind": "new", "watch": "balkh-explosion", "severity": "medium", "score": 1.0, "reasons": ["@balkh in the title", "@explosion in the title", "1 word apart"], "story": {"id": 3, "first_seen": "2024-04-02T13:00:00Z", "sources": 1, "independent": 1}, "article": {"title": "Car explosion at Balkh livestock market wounds nine", "url": "http://south.localhost:44733/market.html", "site": "south.localhost", "author": null, "published": null, "seen": "2024-04-02T13:00:00Z", "language": "en", "lead": "A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on Wednesday, wounding seven traders and two drivers, the provincial hospital said.", "excerpt": "A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on Wednesday, wounding seven traders and two drivers, the provincial hospital said. The hospital director counted nine patients, two of them in surgery, and asked citizens to give blood at the main gate.", "highlights": [[18, 28, "@explosion"], [83, 88, "@balkh"]], "partial": null}, "changes": [], "created": "2024-04-02T13:00:00Z", "text": "", "in_reply_to": null}',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "alerts" VALUES(3,'update','balkh-explosion','medium',1.0,2,2,2,'north','2024-04-02T14:00:00.000000Z',1,'{"killed":[3],"injured":[1]}',1,'{"version": 1, "alert": 3, "kind": "update", "watch": "balkh-explosion", "severity": "medium", "score": 1.0, "reasons": ["@balkh in the title", "@explosion in the title", "3 words apart"], "story": {"id": 2, "first_seen": "2024-04-02T13:00:00Z", "sources": 1, "independent": 1}, "article": {"title": "Blast kills three in Balkh house", "url": "http://north.localhost:38207/blast.html", "site": "north.localhost", "author": null, "published": null, "seen": "2024-04-02T14:00:00Z", "language": "en", "lead": "A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh province on Tuesday evening, killing three people and wounding another, local sources said.", "excerpt": "A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh province on Tuesday evening, killing three people and wounding another, local sources said. Three people with minor injuries left the house on foot before the security command closed the road to Mazar-e-Sharif.", "highlights": [[2, 7, "@explosion"], [95, 100, "@balkh"], [296, 310, "@balkh"]], "partial": null}, "changes": ["killed 1 → 3"], "created": "2024-04-02T14:00:00Z", "text": "", "in_reply_to": 1}',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE article_guids (
  feed TEXT NOT NULL,
  guid TEXT NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  PRIMARY KEY (feed, guid)
) STRICT, WITHOUT ROWID;
INSERT INTO "article_guids" VALUES('north','north/festival',1);
INSERT INTO "article_guids" VALUES('north','north/blast',2);
INSERT INTO "article_guids" VALUES('south','south/market',3);
CREATE TABLE article_keys (
  key TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id)
) STRICT, WITHOUT ROWID;
INSERT INTO "article_keys" VALUES('north.localhost:38207/festival.html',1);
INSERT INTO "article_keys" VALUES('north.localhost:38207/blast.html',2);
INSERT INTO "article_keys" VALUES('south.localhost:44733/market.html',3);
CREATE TABLE article_versions (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  version INTEGER NOT NULL,
  replaced TEXT NOT NULL,
  title TEXT NOT NULL,
  words INTEGER NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (article_id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO "article_versions" VALUES(2,1,'2024-04-02T14:00:00.000000Z','Blast kills one in Balkh house',98,'{"counts":{"killed":[1],"injured":[1]},"changes":["killed 1 → 3"]}');
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
  extra TEXT NOT NULL DEFAULT '{}',
  seen TEXT NOT NULL,
  happened TEXT NOT NULL,
  changed TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  content_hash INTEGER NOT NULL,
  counts TEXT NOT NULL DEFAULT '{}',
  shingles BLOB NOT NULL,
  sketch BLOB NOT NULL,
  story_id INTEGER NOT NULL REFERENCES stories(id),
  copy_of INTEGER REFERENCES articles(id)
) STRICT;
INSERT INTO "articles" VALUES(1,'http://north.localhost:38207/festival.html','north.localhost:38207/festival.html','north','north.localhost','Festival opens','The spring festival of the city opened with a parade of school classes, a concert and a competition of kite makers from four districts.','The spring festival of the city opened with a parade of school classes, a concert and a competition of kite makers from four districts.
Visitors praised the gardens, the new lamps along the river and the food stalls, and the organisers counted eleven thousand guests on the first day.','en',NULL,NULL,NULL,NULL,'page',NULL,'','{"titles":{"feed":"Festival opens","h1":"Festival opens","title":"Festival opens"}}','2024-04-02T12:00:00.000000Z','2024-04-02T12:00:00.000000Z','2024-04-02T12:00:00.000000Z',1,7095781362981141205,'{}',X'81DC429F839497C68386E41C077DB45D09BF2EB58A0E6F130A049FE00DE769DC0F9DC191906BC486165E927E1A4200769CCB90181E2B454DA3EDEC65A45BA6BEA53ECAE7A47ED7EDA5A77458A8AD81DBAA664D9E2BD81ABAACC27F97B2A3E046344678A1360CE79340C667E7C2B2FD02465AA051472FD068CA5E94A7CEA8329152FCBFC6D4C3A6F7D634815FDDD9D5EBDE37E64C6536243068167D996A12904F6CD6AB7D6D80C9A6EE16F02CEF7C2D866EC5A7B4F1CB50EE',X'E978E76AC2B2FD8295C68BAD8A0E6F93D1B008489CCB9098B1D03AEC8386E49CC82873C4EE16F0ACB6581D39653624B0035AAD08B2A3E0C6E047E68ADE37E6CC',1,NULL);
INSERT INTO "articles" VALUES(2,'http://north.localhost:38207/blast.html','north.localhost:38207/blast.html','north','north.localhost','Blast kills three in Balkh house','A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh province on Tuesday evening, killing three people and wounding another, local sources said.','A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh province on Tuesday evening, killing three people and wounding another, local sources said.
Three people with minor injuries left the house on foot before the security command closed the road to Mazar-e-Sharif.
The Taliban security command said the people inside had been assembling a device and that the dead and the wounded came from Kashanda district.
Residents of the village said windows broke in a dozen houses and that the power line to the western quarter was cut until midnight.','en',NULL,NULL,NULL,NULL,'page',NULL,'','{"titles":{"feed":"Blast kills three in Balkh house","h1":"Blast kills three in Balkh house","title":"Blast kills three in Balkh house"}}','2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-02T14:00:00.000000Z',2,3125750572154216308,'{"killed":[3],"injured":[1]}',X'0FB0177A110C6A3E18769F4223EA2B40272CA71D27BA4FBB309A28993F185B5048D0C18C4CEA3DBB5B969DE35F9E8F2665983987699EA8A87AC4809A8CC66EEB8F02B42092DEA8D89490F373A3382FDAAA482317AE968A4DAF40764EBBCA4F16BBECF083BD04C9F8C31866AAC32A854AC486C317CA3A4E0BCE7E1F12CE18CE68CEC2DD05D6EC6790D69CEC55D9CEFF05EBA8E1C8EEAE554EF52A6D17F8BA2727F8806044FDAC1C6AFE5018F4FFF2FE81006B0CAC019F17C50493271F05B5013B0CBDBCEC0E67E00B123DC71F1453F903147F3350148F134F14B34C4E1AA73AD31D3FFB9D1EBD1A532281D56D2BE9917D3CB3C3F7466539F451250F375CA7AB5B61271418695BBBB9736FBA0B74BD08217A292BA58017CE83887B384589AFD3088A6D85628B772FE08D3598CA9149E3A698ED54E1A3C1970FAC493EADAE05B6F2AF8D6E91B327005BB9DF614DBC53D2D0BF2B236EC953D88DCC6FFB74D21F30BDD67BF48ADAE5F615E0E1F01EE119FE2EEC67820DEC5FAFB7FBE71809',X'E3815ED91453F9838BE894CDCEC2DD8598D130B5D9CEFF85DF27FCD389AFD3887B1DF675FBE71889B226C5E4CA3A4E8B48503451736FBA8BDF681D5F0E67E08B9AAD0D7AEC67828D91C81534A3C1978F0575F866795BEE8FAEC6FE4ADAE5F695E9FBAD15AA4823976CA97F2AF52A6D97954E36D1C486C3970B6ABD126127149802E7BE82272CA79D5E765F10E0E1F09E88A741890493279F82E27C6C123DC79F4C5F90F18F02B4A0481F590374BD08A1AE4DABE95F9E8FA6A875150DF8BA27A7FF69B16EE119FEAE3E38C93551250FB71C68C5D205B501BB8CEEF6FB110C6ABE',2,NULL);
INSERT INTO "articles" VALUES(3,'http://south.localhost:44733/market.html','south.localhost:44733/market.html','south','south.localhost','Car explosion at Balkh livestock market wounds nine','A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on Wednesday, wounding seven traders and two drivers, the provincial hospital said.','A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on Wednesday, wounding seven traders and two drivers, the provincial hospital said.
The hospital director counted nine patients, two of them in surgery, and asked citizens to give blood at the main gate.
Traders said the vehicle had stood unattended since dawn and that a guard had asked for its owner twice over the loudspeaker.
The governor''s office closed the market for three days and promised to compensate the owners of the animals that were lost.','en',NULL,NULL,NULL,NULL,'page',NULL,'','{"titles":{"feed":"Car explosion at Balkh livestock market wounds nine","h1":"Car explosion at Balkh livestock market wounds nine","title":"Car explosion at Balkh livestock market wounds nine"}}','2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z',1,-4111591388790884855,'{"injured":[9,7]}',X'046EE5F104065FFC13A2130015DC3FD31B862BEE2798433C28426E612A4A8CAF36E4B207398011BA4472709545B242BB605C795864CA52F86E001AC770943A0679AAF5207C367F527D8ECC977E04589E7EF0FA668456053E8C5A85148DC67A649DBAC5699F08ED40A00CA4C5A3946EFDA7404C5EAD3036A6AE201F68B110BE51BD7CD3EAC994FA2AD014BF99D5A09C42D6A07C81D92A02C5E97C6480F85EEC0109F31AB40AC5BAC90EEF2C8A12031F85141F893B1BFB341D1E85024E27B1158C31F7C30831C129F035799058366FC179373DD6D4393F32D63AFBAF9D536B829D64B5172D64B1B956668FD73767111E256A0131DC7A0F94F388959942896D17EB88F701018E8B4E8D8ECFEA3890E7966195F3526797118C919EA343499EA9B0B9A0A716CAA445FC26AE63FA84B2B745A4B4B1ACF0BBE9DC63C225EDFCC3317AA6C2BB5B71C6075725D9AFB13BE5E3B1E7E955BF62E9B735F7EEA13079F16F4CF7F34379C7F3357CD5FAF99CCB',X'34488EE113A213809729D50D88F70181EA20A834F85EEC81EB57C3A070943A868EEFC55B36E4B2877331705A31F7C3889339508D8C5A859445BDFB591BFB349DC2A926EC79AAF5A09D7E853667111EA55ADC102DC60757A5B918BA18A445FCA6A1E13987C994FAAAE32B129B64B517AD9D2862E0668FD7B7786A6E668ECFEAB8279B8F74141F89BBB19D30FBD9AFB1BB8A2B7F3B279843BC279F01BE845605BE',3,NULL);
CREATE TABLE channel_states (
    channel TEXT PRIMARY KEY,
    paused_until TEXT,
    broken_since TEXT,
    probe_at TEXT,
    probes INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT ''
) STRICT;
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
    told_by INTEGER REFERENCES alerts(id) ON DELETE SET NULL,
    UNIQUE (alert_id, channel)
) STRICT;
INSERT INTO "deliveries" VALUES(1,1,'hook','sent',1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-04T13:00:00.000000Z','1:hook',0,NULL,'HTTP 200','2024-04-02T13:00:00.000000Z',NULL);
INSERT INTO "deliveries" VALUES(2,1,'mail','sent',1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-04T13:00:00.000000Z','1:mail',0,NULL,'SMTP 250','2024-04-02T13:00:00.000000Z',NULL);
INSERT INTO "deliveries" VALUES(3,2,'hook','sent',1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-04T13:00:00.000000Z','2:hook',0,NULL,'HTTP 200','2024-04-02T13:00:00.000000Z',NULL);
INSERT INTO "deliveries" VALUES(4,2,'mail','sent',1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-04T13:00:00.000000Z','2:mail',0,NULL,'SMTP 250','2024-04-02T13:00:00.000000Z',NULL);
INSERT INTO "deliveries" VALUES(5,3,'hook','sent',1,'2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','2024-04-04T14:00:00.000000Z','3:hook',0,NULL,'HTTP 200','2024-04-02T14:00:00.000000Z',NULL);
INSERT INTO "deliveries" VALUES(6,3,'mail','sent',1,'2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','2024-04-04T14:00:00.000000Z','3:mail',0,NULL,'SMTP 250','2024-04-02T14:00:00.000000Z',NULL);
CREATE TABLE delivery_attempts (
    id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES deliveries(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    outcome TEXT,
    status INTEGER,
    detail TEXT NOT NULL DEFAULT '',
    UNIQUE (delivery_id, number)
) STRICT;
INSERT INTO "delivery_attempts" VALUES(1,1,1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','sent',NULL,'HTTP 200');
INSERT INTO "delivery_attempts" VALUES(2,2,1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','sent',NULL,'SMTP 250');
INSERT INTO "delivery_attempts" VALUES(3,3,1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','sent',NULL,'HTTP 200');
INSERT INTO "delivery_attempts" VALUES(4,4,1,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','sent',NULL,'SMTP 250');
INSERT INTO "delivery_attempts" VALUES(5,5,1,'2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','sent',NULL,'HTTP 200');
INSERT INTO "delivery_attempts" VALUES(6,6,1,'2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','sent',NULL,'SMTP 250');
CREATE TABLE digests (
    channel TEXT NOT NULL,
    slot TEXT NOT NULL,
    alert_id INTEGER REFERENCES alerts(id) ON DELETE SET NULL,
    upto TEXT NOT NULL,
    upto_seq INTEGER NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (channel, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    guid TEXT,
    url TEXT,
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
    emptied INTEGER NOT NULL DEFAULT 0,
    article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL
) STRICT;
INSERT INTO "entries" VALUES(1,1,'north/festival','http://north.localhost:38207/festival.html','north.localhost','north.localhost:38207/festival.html','festival opens','8a23342817889065f7bfa56e546ec719','{"guid": "north/festival", "url": "http://north.localhost:38207/festival.html", "title": "Festival opens", "summary": "The spring festival of the city opened with a parade of school classes, a concert and a competition of kite makers from"}','2024-04-02T12:00:00.000000Z',NULL,0,1,0,'done',0,NULL,NULL,0,'','2024-04-02T12:00:00.000000Z',0,1);
INSERT INTO "entries" VALUES(2,1,'north/blast','http://north.localhost:38207/blast.html','north.localhost','north.localhost:38207/blast.html','blast kills three in balkh house','136b4c0ed7632e319d2477e55cc7fdb7','{"guid": "north/blast", "url": "http://north.localhost:38207/blast.html", "title": "Blast kills three in Balkh house", "summary": "A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh province on Tuesday"}','2024-04-02T13:00:00.000000Z','2024-04-02T14:00:00.000000Z',1,0,0,'queued',0,'2024-04-02T14:15:00.000000Z',NULL,0,'','2024-04-02T14:00:00.000000Z',0,2);
INSERT INTO "entries" VALUES(3,2,'south/market','http://south.localhost:44733/market.html','south.localhost','south.localhost:44733/market.html','car explosion at balkh livestock market wounds nine','07c3d1683157595b6b8b945529ea374c','{"guid": "south/market", "url": "http://south.localhost:44733/market.html", "title": "Car explosion at Balkh livestock market wounds nine", "summary": "A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on Wednesday, wounding"}','2024-04-02T13:00:00.000000Z',NULL,0,0,0,'queued',0,'2024-04-02T14:15:00.000000Z',NULL,0,'','2024-04-02T14:00:00.000000Z',0,3);
CREATE TABLE feed_traits (
  feed TEXT PRIMARY KEY,
  sentences BLOB NOT NULL,
  guids_unreliable INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO "feed_traits" VALUES('north',X'C943322557CCA6A851C88F2FAA70B451231548ED61567FEE',0);
INSERT INTO "feed_traits" VALUES('south',X'25BCFD25888DB24192B4045859BC615C',0);
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    configured_url TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    spec TEXT NOT NULL,
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
    alarm_at TEXT,
    learnt TEXT NOT NULL DEFAULT '{}',
    seen_items BLOB NOT NULL DEFAULT x''
) STRICT;
INSERT INTO "feeds" VALUES(1,'north','http://north.localhost:38207/feed.xml','http://north.localhost:38207/feed.xml','north.localhost','{"name": "north", "url": "http://north.localhost:38207/feed.xml", "tags": [], "language": null, "country": null, "publisher": null, "interval": null, "weight": 1.0, "alert_younger_than": null}','',1,'ok','2024-04-02T14:05:26.706303Z','posts about 2 a day',NULL,'2024-04-02T12:00:00.000000Z',3,0,NULL,'2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','2024-04-02T13:00:00.000000Z','',1.35808606101097595342e+00,NULL,'{"validators": null, "hints": {"freshness": null, "ttl": null, "update_period": null, "skip_hours": [], "skip_days": []}, "rate": {"entries": 0.9979391883568344, "days": 0.08324746618153475, "measured": "2024-04-02T14:00:00.000000Z", "hours": []}, "move": null, "face": {"domain": "north.localhost", "title": "north", "language": ""}, "empty_polls": 0, "notes": [], "last_gap": null, "failure": null}',X'');
INSERT INTO "feeds" VALUES(2,'south','http://south.localhost:44733/feed.xml','http://south.localhost:44733/feed.xml','south.localhost','{"name": "south", "url": "http://south.localhost:44733/feed.xml", "tags": [], "language": null, "country": null, "publisher": null, "interval": null, "weight": 1.0, "alert_younger_than": null}','',1,'ok','2024-04-02T14:05:17.201260Z','posts about 2 a day',NULL,'2024-04-02T12:00:00.000000Z',3,0,NULL,'2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z','2024-04-02T13:00:00.000000Z','',1.35808606101097595342e+00,NULL,'{"validators": null, "hints": {"freshness": null, "ttl": null, "update_period": null, "skip_hours": [], "skip_days": []}, "rate": {"entries": 0.9979391883568344, "days": 0.08324746618153475, "measured": "2024-04-02T14:00:00.000000Z", "hours": []}, "move": null, "face": {"domain": "south.localhost", "title": "south", "language": ""}, "empty_polls": 0, "notes": [], "last_gap": null, "failure": null}',X'');
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
INSERT INTO "hits" VALUES(1,2,2,'balkh-explosion',1.0,0,'["@balkh in the title", "@explosion in the title", "3 words apart"]','[["title", 0, 5, "@explosion"], ["title", 21, 26, "@balkh"], ["text", 2, 7, "@explosion"], ["text", 95, 100, "@balkh"], ["text", 296, 310, "@balkh"]]','2024-04-02T13:00:00.000000Z');
INSERT INTO "hits" VALUES(2,3,3,'balkh-explosion',1.0,0,'["@balkh in the title", "@explosion in the title", "1 word apart"]','[["title", 4, 13, "@explosion"], ["title", 17, 22, "@balkh"], ["text", 18, 28, "@explosion"], ["text", 83, 88, "@balkh"]]','2024-04-02T13:00:00.000000Z');
CREATE TABLE host_lines (
    host TEXT NOT NULL,
    line INTEGER NOT NULL,
    first_story INTEGER NOT NULL,
    second_story INTEGER,
    third_story INTEGER,
    seen TEXT NOT NULL,
    PRIMARY KEY (host, line)
) STRICT, WITHOUT ROWID;
INSERT INTO "host_lines" VALUES('north.localhost',-5441946802923586904,2,NULL,NULL,'2024-04-02T13:00:00.000000Z');
INSERT INTO "host_lines" VALUES('north.localhost',-3763638256956748456,2,NULL,NULL,'2024-04-02T13:00:00.000000Z');
INSERT INTO "host_lines" VALUES('north.localhost',-2783412122701018202,2,NULL,NULL,'2024-04-02T13:00:00.000000Z');
INSERT INTO "host_lines" VALUES('north.localhost',-598949023543101895,1,NULL,NULL,'2024-04-02T12:00:00.000000Z');
INSERT INTO "host_lines" VALUES('north.localhost',-200028405044703875,1,NULL,NULL,'2024-04-02T12:00:00.000000Z');
INSERT INTO "host_lines" VALUES('north.localhost',53679563306504581,2,NULL,NULL,'2024-04-02T13:00:00.000000Z');
INSERT INTO "host_lines" VALUES('south.localhost',-2633370601849728877,3,NULL,NULL,'2024-04-02T13:00:00.000000Z');
INSERT INTO "host_lines" VALUES('south.localhost',6746491199502884420,3,NULL,NULL,'2024-04-02T13:00:00.000000Z');
INSERT INTO "host_lines" VALUES('south.localhost',7426117447691896009,3,NULL,NULL,'2024-04-02T13:00:00.000000Z');
INSERT INTO "host_lines" VALUES('south.localhost',8770709808139399789,3,NULL,NULL,'2024-04-02T13:00:00.000000Z');
CREATE TABLE page_validators (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    received TEXT NOT NULL
) STRICT;
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
INSERT INTO "placements" VALUES(1,'2024-04-02T12:00:00.000000Z',1,1,'new',NULL,'http://north.localhost:38207/festival.html','north','{}','no story is near','[]');
INSERT INTO "placements" VALUES(2,'2024-04-02T13:00:00.000000Z',2,2,'new',NULL,'http://north.localhost:38207/blast.html','north','{}','no story is near','[]');
INSERT INTO "placements" VALUES(3,'2024-04-02T13:00:00.000000Z',3,3,'new',NULL,'http://south.localhost:44733/market.html','south','{"body": 0.142, "lead": 0.158, "cross": 0.142, "title": 0.19, "names": 0.377, "lead_names": 0.377, "story_names": 0.279, "agreed": 0.173, "numbers": 0.0, "figures": 0.3, "another_language": 0.0, "another_day": 1.0, "reports": 0.0, "time": 1.0, "probability": 0.005}','the nearest story, 2, has probability 0.00','[]');
INSERT INTO "placements" VALUES(4,'2024-04-02T14:00:00.000000Z',2,2,'article',2,'http://north.localhost:38207/blast.html','north','{}','same address and guid; changed: killed 1 → 3','[["count", "killed 1 → 3"]]');
CREATE TABLE poll_budget (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    scale_s REAL NOT NULL,
    solved_at TEXT NOT NULL
) STRICT;
INSERT INTO "poll_budget" VALUES(1,415.692194,'2024-04-02T14:00:00.000000Z');
CREATE TABLE replay_progress (
  source TEXT PRIMARY KEY,
  items INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE service (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE sketch (
  h INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  PRIMARY KEY (h, article_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "sketch" VALUES(-9217845806024996812,3);
INSERT INTO "sketch" VALUES(-9150760804120450665,3);
INSERT INTO "sketch" VALUES(-9084781928184798998,3);
INSERT INTO "sketch" VALUES(-9007847131584169751,1);
INSERT INTO "sketch" VALUES(-8937020636528737821,2);
INSERT INTO "sketch" VALUES(-8800663903343941493,2);
INSERT INTO "sketch" VALUES(-8791080513160818280,2);
INSERT INTO "sketch" VALUES(-8774537712523585557,3);
INSERT INTO "sketch" VALUES(-8668615410615718002,3);
INSERT INTO "sketch" VALUES(-8591751872750014093,3);
INSERT INTO "sketch" VALUES(-8587327057963505697,2);
INSERT INTO "sketch" VALUES(-8567843223870497413,2);
INSERT INTO "sketch" VALUES(-8408718811158206798,2);
INSERT INTO "sketch" VALUES(-8378261615695081400,2);
INSERT INTO "sketch" VALUES(-8367574796231415585,2);
INSERT INTO "sketch" VALUES(-8249917302031667814,2);
INSERT INTO "sketch" VALUES(-8099792498104874863,2);
INSERT INTO "sketch" VALUES(-8075416504851991291,2);
INSERT INTO "sketch" VALUES(-7823018038939367787,1);
INSERT INTO "sketch" VALUES(-7744684424480933485,3);
INSERT INTO "sketch" VALUES(-7640666992063625554,2);
INSERT INTO "sketch" VALUES(-7556115854452196375,2);
INSERT INTO "sketch" VALUES(-7535319369052608148,2);
INSERT INTO "sketch" VALUES(-7511011573642146155,2);
INSERT INTO "sketch" VALUES(-7488316982530577909,2);
INSERT INTO "sketch" VALUES(-7453233511214305071,1);
INSERT INTO "sketch" VALUES(-7141435207940648783,1);
INSERT INTO "sketch" VALUES(-7118789016073552571,3);
INSERT INTO "sketch" VALUES(-7086646940435290366,2);
INSERT INTO "sketch" VALUES(-6993841868842764706,2);
INSERT INTO "sketch" VALUES(-6978447449895360632,2);
INSERT INTO "sketch" VALUES(-6933505951974759806,2);
INSERT INTO "sketch" VALUES(-6866860714576814260,2);
INSERT INTO "sketch" VALUES(-6848380217717249598,3);
INSERT INTO "sketch" VALUES(-6843011327819440312,2);
INSERT INTO "sketch" VALUES(-6548777673156100451,3);
INSERT INTO "sketch" VALUES(-6532744186736616358,3);
INSERT INTO "sketch" VALUES(-6444758406964490834,2);
INSERT INTO "sketch" VALUES(-6414175198190626631,3);
INSERT INTO "sketch" VALUES(-6401942770749704792,2);
INSERT INTO "sketch" VALUES(-6126420749806083679,3);
INSERT INTO "sketch" VALUES(-5985258690021480248,1);
INSERT INTO "sketch" VALUES(-5974106936980657181,3);
INSERT INTO "sketch" VALUES(-5837199611010127361,2);
INSERT INTO "sketch" VALUES(-5754414615494829898,1);
INSERT INTO "sketch" VALUES(-5255941209393121218,2);
INSERT INTO "sketch" VALUES(-5199529572761982819,3);
INSERT INTO "sketch" VALUES(-5122053415669699976,3);
INSERT INTO "sketch" VALUES(-4971493477024700388,2);
INSERT INTO "sketch" VALUES(-4933377744092292313,3);
INSERT INTO "sketch" VALUES(-4921959566982210127,3);
INSERT INTO "sketch" VALUES(-4880890276870149238,3);
INSERT INTO "sketch" VALUES(-4754298703496241369,3);
INSERT INTO "sketch" VALUES(-4725951587590672756,2);
INSERT INTO "sketch" VALUES(-4116110074371548669,1);
INSERT INTO "sketch" VALUES(-3682194216376186912,1);
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
  profile TEXT NOT NULL,
  merged_into INTEGER REFERENCES stories(id)
) STRICT;
INSERT INTO "stories" VALUES(1,'Festival opens',1,'2024-04-02T12:00:00.000000Z','2024-04-02T12:00:00.000000Z','2024-04-02T12:00:00.000000Z',1,1,1,'{"reports":1,"terms":["festival|opens|the|spring|of|city|opened|with|a|parade|school|classes|concert|and|competition|kite|makers|from|four|districts|visitors|praised|gardens|new|lamps|along|river|food|stalls|organisers|counted|eleven|thousand|guests|on|first|day",[2547,1535,48,1404,32,778,1164,47,32,2447,989,1242,2447,32,1504,2447,1504,93,805,2447,1404,2447,1346,319,2447,874,2447,906,2447,2447,2447,2447,2447,1329,41,375,547]],"lead":["festival|opens|the|spring|of|city|opened|with|a|parade|school|classes|concert|and|competition|kite|makers|from|four|districts|visitors|praised|gardens|new|lamps|along|river|food|stalls|organisers|counted|eleven|thousand|guests|on|first|day",[2547,1535,48,1404,32,778,1164,47,32,2447,989,1242,2447,32,1504,2447,1504,93,805,2447,1404,2447,1346,319,2447,874,2447,906,2447,2447,2447,2447,2447,1329,41,375,547],[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]],"names":["",[]],"numbers":"","counts":{},"listed":"festival|concert|counted|districts|eleven|kite|lamps|organisers|parade|praised|river|stalls","days":[],"languages":["en"]}',NULL);
INSERT INTO "stories" VALUES(2,'Blast kills one in Balkh house',2,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z',1,1,1,'{"reports":1,"terms":["blast|kills|one|in|balkh|house|a|tore|through|residential|hamdard|village|dehdadi|district|the|northern|province|on|tuesday|evening|killing|at|least|person|and|wounding|another|local|sources|said|three|people|with|minor|injuries|left|foot|before|security|command|closed|road|to|mazar|e|sharif|taliban|inside|had|been|assembling|device|that|dead|wounded|came|from|kashanda|residents|of|windows|broke|dozen|houses|power|line|western|quarter|was|cut|until|midnight",[3265,1928,256,29,3265,1439,29,1928,310,1075,1928,1970,1928,1540,41,1143,1185,54,711,933,788,62,620,647,29,1928,510,562,762,610,424,515,37,1090,1090,668,902,329,1082,1846,910,910,21,1928,668,1928,1928,739,304,269,1928,788,67,817,1022,707,73,1928,917,12,856,917,989,1061,616,746,1061,1075,160,833,683,1210]],"lead":["blast|kills|one|in|balkh|house|a|tore|through|residential|hamdard|village|dehdadi|district|the|northern|province|on|tuesday|evening|killing|at|least|person|and|wounding|another|local|sources|said|three|people|with|minor|injuries|left|foot|before|security|command|closed|road|to|mazar|e|sharif|taliban|inside|had|been|assembling|device|that|dead",[3647,2154,286,29,3647,1607,29,2154,346,1201,2154,1299,2154,1016,40,1277,1324,61,794,1043,880,69,693,723,29,2154,569,627,852,550,473,575,42,1218,1218,746,1008,367,1209,2062,1016,1016,14,2154,746,2154,2154,825,340,300,2154,880,44,913],[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]],"names":["balkh|hamdard|kashanda|mazar|taliban|tuesday",[1,1,1,1,1,1]],"numbers":"","counts":{"killed":[1,3],"injured":[1]},"listed":"balkh|blast|assembling|dehdadi|hamdard|kills|village|kashanda|mazar|sharif|taliban|tore","days":["tuesday"],"languages":["en"]}',NULL);
INSERT INTO "stories" VALUES(3,'Car explosion at Balkh livestock market wounds nine',3,'2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z','2024-04-02T13:00:00.000000Z',1,1,1,'{"reports":1,"terms":["car|explosion|at|balkh|livestock|market|wounds|nine|a|loaded|with|explosives|went|off|beside|the|of|khulm|town|in|province|on|wednesday|wounding|seven|traders|and|two|drivers|provincial|hospital|said|director|counted|patients|them|surgery|asked|citizens|to|give|blood|main|gate|vehicle|had|stood|unattended|since|dawn|that|guard|for|its|owner|twice|over|loudspeaker|governor|s|office|closed|three|days|promised|compensate|owners|animals|were|lost",[1094,1126,98,2615,3037,1173,1794,1542,19,920,35,1794,742,409,1794,37,24,1794,861,19,1082,30,760,1544,694,3037,27,450,1000,1794,1235,457,694,1544,974,247,1794,1214,1794,19,614,884,702,1794,746,478,1794,1794,477,1794,62,974,56,259,854,930,237,1794,893,40,561,840,393,531,1126,1794,962,962,281,808]],"lead":["car|explosion|at|balkh|livestock|market|wounds|nine|a|loaded|with|explosives|went|off|beside|the|of|khulm|town|in|province|on|wednesday|wounding|seven|traders|and|two|drivers|provincial|hospital|said|director|counted|patients|them|surgery|asked|citizens|to|give|blood|main|gate|vehicle|had|stood|unattended|since|dawn|that|guard|for|its|owner|twice|over",[1174,1207,105,2804,3257,1014,1923,1653,21,987,37,1923,796,439,1923,32,21,1923,923,21,1160,32,815,1656,745,3257,26,483,1073,1923,1324,490,745,1656,1045,265,1923,1302,1923,12,658,948,752,1923,800,513,1923,1923,512,1923,39,1045,35,277,915,997,254],[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]],"names":["balkh|khulm|wednesday",[1,1,1]],"numbers":"","counts":{"injured":[9,7]},"listed":"livestock|traders|balkh|beside|citizens|dawn|compensate|explosives|gate|khulm|loudspeaker|provincial","days":["wednesday"],"languages":["en"]}',NULL);
CREATE TABLE story_sources (
  story_id INTEGER NOT NULL REFERENCES stories(id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (story_id, kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "story_sources" VALUES(1,'independent','north.localhost');
INSERT INTO "story_sources" VALUES(1,'origin','north.localhost');
INSERT INTO "story_sources" VALUES(1,'publisher','north.localhost');
INSERT INTO "story_sources" VALUES(2,'independent','north.localhost');
INSERT INTO "story_sources" VALUES(2,'origin','north.localhost');
INSERT INTO "story_sources" VALUES(2,'publisher','north.localhost');
INSERT INTO "story_sources" VALUES(3,'independent','south.localhost');
INSERT INTO "story_sources" VALUES(3,'origin','south.localhost');
INSERT INTO "story_sources" VALUES(3,'publisher','south.localhost');
CREATE TABLE story_terms (
  term INTEGER NOT NULL,
  story_id INTEGER NOT NULL,
  PRIMARY KEY (term, story_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "story_terms" VALUES(-7886014993544474899,1);
INSERT INTO "story_terms" VALUES(-7594753525624642401,1);
INSERT INTO "story_terms" VALUES(-5571120553780344875,1);
INSERT INTO "story_terms" VALUES(-2880049152503203728,1);
INSERT INTO "story_terms" VALUES(-2565543635934179720,1);
INSERT INTO "story_terms" VALUES(-1484069582709916712,1);
INSERT INTO "story_terms" VALUES(-678189716538359669,1);
INSERT INTO "story_terms" VALUES(3224459485312085643,1);
INSERT INTO "story_terms" VALUES(3564084119948066061,1);
INSERT INTO "story_terms" VALUES(5551156987718432593,1);
INSERT INTO "story_terms" VALUES(7295846806575406022,1);
INSERT INTO "story_terms" VALUES(7737215300451488675,1);
INSERT INTO "story_terms" VALUES(-8317386551495459210,2);
INSERT INTO "story_terms" VALUES(-7859420319378820690,2);
INSERT INTO "story_terms" VALUES(-5637348966634243899,2);
INSERT INTO "story_terms" VALUES(-4593688846484192901,2);
INSERT INTO "story_terms" VALUES(-2429450351987519966,2);
INSERT INTO "story_terms" VALUES(2212779097529021083,2);
INSERT INTO "story_terms" VALUES(4900411563676071953,2);
INSERT INTO "story_terms" VALUES(6874650179961492902,2);
INSERT INTO "story_terms" VALUES(8059228278302038696,2);
INSERT INTO "story_terms" VALUES(8179204359378572027,2);
INSERT INTO "story_terms" VALUES(9183046305358056592,2);
INSERT INTO "story_terms" VALUES(9204775851237445880,2);
INSERT INTO "story_terms" VALUES(-8146963539643211510,3);
INSERT INTO "story_terms" VALUES(-7964254738694099900,3);
INSERT INTO "story_terms" VALUES(-7746507812222856262,3);
INSERT INTO "story_terms" VALUES(-4593688846484192901,3);
INSERT INTO "story_terms" VALUES(-4450984942805724992,3);
INSERT INTO "story_terms" VALUES(-2381447992325597352,3);
INSERT INTO "story_terms" VALUES(-1521469995635674338,3);
INSERT INTO "story_terms" VALUES(-664276507461926766,3);
INSERT INTO "story_terms" VALUES(4897240286967579723,3);
INSERT INTO "story_terms" VALUES(6020427617337753880,3);
INSERT INTO "story_terms" VALUES(7800338398046367953,3);
INSERT INTO "story_terms" VALUES(8955092567165942070,3);
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
    seq INTEGER NOT NULL,
    payload TEXT NOT NULL,
    channels TEXT NOT NULL,
    in_digest INTEGER NOT NULL DEFAULT 0,
    untold INTEGER NOT NULL DEFAULT 0,
    release_at TEXT,
    UNIQUE (article_id, watch, reason)
) STRICT;
INSERT INTO "suppressions" VALUES(1,'balkh-explosion','same-item','the same item of the same feed, unchanged','medium',3,3,3,'south','2024-04-02T14:00:00.000000Z','2024-04-02T14:00:00.000000Z',1,1,'{"version": 1, "alert": 0, "kind": "new", "watch": "balkh-explosion", "severity": "medium", "score": 1.0, "reasons": ["@balkh in the title", "@explosion in the title", "1 word apart"], "story": {"id": 3, "first_seen": "2024-04-02T13:00:00Z", "sources": 1, "independent": 1}, "article": {"title": "Car explosion at Balkh livestock market wounds nine", "url": "http://south.localhost:44733/market.html", "site": "south.localhost", "author": null, "published": null, "seen": "2024-04-02T14:00:00Z", "language": "en", "lead": "A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on Wednesday, wounding seven traders and two drivers, the provincial hospital said.", "excerpt": "A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on Wednesday, wounding seven traders and two drivers, the provincial hospital said. The hospital director counted nine patients, two of them in surgery, and asked citizens to give blood at the main gate.", "highlights": [[18, 28, "@explosion"], [83, 88, "@balkh"]], "partial": null}, "changes": [], "created": "2024-04-02T14:00:00Z", "text": "", "in_reply_to": null}','["hook", "mail"]',0,0,NULL);
CREATE TABLE term_counts (
  term INTEGER PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT;
INSERT INTO "term_counts" VALUES(-9154575409237170610,1);
INSERT INTO "term_counts" VALUES(-9029538439111097208,1);
INSERT INTO "term_counts" VALUES(-9015903799780921433,1);
INSERT INTO "term_counts" VALUES(-8727292010262975073,1);
INSERT INTO "term_counts" VALUES(-8719087279811236074,1);
INSERT INTO "term_counts" VALUES(-8470908889268757804,1);
INSERT INTO "term_counts" VALUES(-8317386551495459210,1);
INSERT INTO "term_counts" VALUES(-8146963539643211510,1);
INSERT INTO "term_counts" VALUES(-8087822447629821223,1);
INSERT INTO "term_counts" VALUES(-8059080973541094772,1);
INSERT INTO "term_counts" VALUES(-7964254738694099900,1);
INSERT INTO "term_counts" VALUES(-7886014993544474899,1);
INSERT INTO "term_counts" VALUES(-7859420319378820690,1);
INSERT INTO "term_counts" VALUES(-7746507812222856262,1);
INSERT INTO "term_counts" VALUES(-7594753525624642401,1);
INSERT INTO "term_counts" VALUES(-7262129070940159793,1);
INSERT INTO "term_counts" VALUES(-7148376108095495162,1);
INSERT INTO "term_counts" VALUES(-7131806891273601470,1);
INSERT INTO "term_counts" VALUES(-6902777911013099272,1);
INSERT INTO "term_counts" VALUES(-6745206927223093079,1);
INSERT INTO "term_counts" VALUES(-6725912388987773533,1);
INSERT INTO "term_counts" VALUES(-6491191577684179184,1);
INSERT INTO "term_counts" VALUES(-6193288610646996614,1);
INSERT INTO "term_counts" VALUES(-5689596593789253413,2);
INSERT INTO "term_counts" VALUES(-5679955738589257150,1);
INSERT INTO "term_counts" VALUES(-5637348966634243899,1);
INSERT INTO "term_counts" VALUES(-5571120553780344875,1);
INSERT INTO "term_counts" VALUES(-5510589260259236044,1);
INSERT INTO "term_counts" VALUES(-5417130784191114200,1);
INSERT INTO "term_counts" VALUES(-5278263467242863191,1);
INSERT INTO "term_counts" VALUES(-5196576047188904481,1);
INSERT INTO "term_counts" VALUES(-5177370515639009206,1);
INSERT INTO "term_counts" VALUES(-5002797305775015313,1);
INSERT INTO "term_counts" VALUES(-4837689315824965125,1);
INSERT INTO "term_counts" VALUES(-4720260786216218989,3);
INSERT INTO "term_counts" VALUES(-4703464228103772717,1);
INSERT INTO "term_counts" VALUES(-4602484202117060848,1);
INSERT INTO "term_counts" VALUES(-4593688846484192901,2);
INSERT INTO "term_counts" VALUES(-4450984942805724992,1);
INSERT INTO "term_counts" VALUES(-4215546915379618497,1);
INSERT INTO "term_counts" VALUES(-3970435703100417985,1);
INSERT INTO "term_counts" VALUES(-3756029359870894792,1);
INSERT INTO "term_counts" VALUES(-3728273731479127120,1);
INSERT INTO "term_counts" VALUES(-3617890885563659468,1);
INSERT INTO "term_counts" VALUES(-3511846793539825524,1);
INSERT INTO "term_counts" VALUES(-3367535415488851686,1);
INSERT INTO "term_counts" VALUES(-3285434528305775477,1);
INSERT INTO "term_counts" VALUES(-3063938323285271285,1);
INSERT INTO "term_counts" VALUES(-3052209325206563374,1);
INSERT INTO "term_counts" VALUES(-2880049152503203728,1);
INSERT INTO "term_counts" VALUES(-2864823427818423210,1);
INSERT INTO "term_counts" VALUES(-2709463262693196723,1);
INSERT INTO "term_counts" VALUES(-2633079362122115115,1);
INSERT INTO "term_counts" VALUES(-2626707362885338362,1);
INSERT INTO "term_counts" VALUES(-2565543635934179720,1);
INSERT INTO "term_counts" VALUES(-2429450351987519966,1);
INSERT INTO "term_counts" VALUES(-2381447992325597352,1);
INSERT INTO "term_counts" VALUES(-2280950139604972070,1);
INSERT INTO "term_counts" VALUES(-2239325048899016822,1);
INSERT INTO "term_counts" VALUES(-1852803795767038242,1);
INSERT INTO "term_counts" VALUES(-1755319166995786674,1);
INSERT INTO "term_counts" VALUES(-1668144785347783868,1);
INSERT INTO "term_counts" VALUES(-1605267159073476050,1);
INSERT INTO "term_counts" VALUES(-1521469995635674338,1);
INSERT INTO "term_counts" VALUES(-1484069582709916712,1);
INSERT INTO "term_counts" VALUES(-1188745662457026330,1);
INSERT INTO "term_counts" VALUES(-930783567409973492,1);
INSERT INTO "term_counts" VALUES(-902251271684919665,1);
INSERT INTO "term_counts" VALUES(-891653365481733138,1);
INSERT INTO "term_counts" VALUES(-815079172859447149,1);
INSERT INTO "term_counts" VALUES(-725548565580347645,1);
INSERT INTO "term_counts" VALUES(-678189716538359669,1);
INSERT INTO "term_counts" VALUES(-664276507461926766,1);
INSERT INTO "term_counts" VALUES(-649706801179304143,1);
INSERT INTO "term_counts" VALUES(-340575601150517655,1);
INSERT INTO "term_counts" VALUES(-265008633503125264,1);
INSERT INTO "term_counts" VALUES(0,3);
INSERT INTO "term_counts" VALUES(135017088667597078,2);
INSERT INTO "term_counts" VALUES(175187161700684271,1);
INSERT INTO "term_counts" VALUES(278516840336174621,1);
INSERT INTO "term_counts" VALUES(360509534179580269,1);
INSERT INTO "term_counts" VALUES(442645122858466097,1);
INSERT INTO "term_counts" VALUES(566133817503269815,2);
INSERT INTO "term_counts" VALUES(696379695482797376,1);
INSERT INTO "term_counts" VALUES(801519143414764790,1);
INSERT INTO "term_counts" VALUES(1213901676569632079,1);
INSERT INTO "term_counts" VALUES(1617581237032276492,1);
INSERT INTO "term_counts" VALUES(2212779097529021083,1);
INSERT INTO "term_counts" VALUES(2257167342658532922,1);
INSERT INTO "term_counts" VALUES(2284553212013716598,2);
INSERT INTO "term_counts" VALUES(2354075668960225688,1);
INSERT INTO "term_counts" VALUES(2371658415451963965,1);
INSERT INTO "term_counts" VALUES(2653762721682259362,1);
INSERT INTO "term_counts" VALUES(2960934780067501280,1);
INSERT INTO "term_counts" VALUES(3224459485312085643,1);
INSERT INTO "term_counts" VALUES(3338218878546264058,1);
INSERT INTO "term_counts" VALUES(3412981375060820771,3);
INSERT INTO "term_counts" VALUES(3470516150096807950,1);
INSERT INTO "term_counts" VALUES(3557187573597748025,1);
INSERT INTO "term_counts" VALUES(3564084119948066061,1);
INSERT INTO "term_counts" VALUES(3572233363947464636,1);
INSERT INTO "term_counts" VALUES(3600462109233673298,1);
INSERT INTO "term_counts" VALUES(3654056122630161310,2);
INSERT INTO "term_counts" VALUES(3801720132838064281,1);
INSERT INTO "term_counts" VALUES(3815355558890182089,1);
INSERT INTO "term_counts" VALUES(3825069037817703119,2);
INSERT INTO "term_counts" VALUES(3856601538379117949,1);
INSERT INTO "term_counts" VALUES(3876904334423291154,1);
INSERT INTO "term_counts" VALUES(3893712239442710256,1);
INSERT INTO "term_counts" VALUES(3898623860894798211,1);
INSERT INTO "term_counts" VALUES(3925022028580618762,1);
INSERT INTO "term_counts" VALUES(3957556925388934869,1);
INSERT INTO "term_counts" VALUES(4479120194094740456,1);
INSERT INTO "term_counts" VALUES(4591993275906822778,2);
INSERT INTO "term_counts" VALUES(4610498016995231608,1);
INSERT INTO "term_counts" VALUES(4681665781835383343,3);
INSERT INTO "term_counts" VALUES(4687486395828818928,2);
INSERT INTO "term_counts" VALUES(4707147342823286907,2);
INSERT INTO "term_counts" VALUES(4897240286967579723,1);
INSERT INTO "term_counts" VALUES(4900411563676071953,1);
INSERT INTO "term_counts" VALUES(4909536444286971412,1);
INSERT INTO "term_counts" VALUES(5161711035569166591,1);
INSERT INTO "term_counts" VALUES(5328458571747555840,1);
INSERT INTO "term_counts" VALUES(5551156987718432593,1);
INSERT INTO "term_counts" VALUES(5630104133424213860,1);
INSERT INTO "term_counts" VALUES(5639286454695067884,2);
INSERT INTO "term_counts" VALUES(5645367898012595372,1);
INSERT INTO "term_counts" VALUES(5704112579019256664,1);
INSERT INTO "term_counts" VALUES(6020427617337753880,1);
INSERT INTO "term_counts" VALUES(6118665459014811577,1);
INSERT INTO "term_counts" VALUES(6275740729648980255,1);
INSERT INTO "term_counts" VALUES(6372879228073156585,3);
INSERT INTO "term_counts" VALUES(6571110016670139024,1);
INSERT INTO "term_counts" VALUES(6834963867258796590,3);
INSERT INTO "term_counts" VALUES(6874650179961492902,1);
INSERT INTO "term_counts" VALUES(7202169041860670123,3);
INSERT INTO "term_counts" VALUES(7295846806575406022,2);
INSERT INTO "term_counts" VALUES(7737215300451488675,1);
INSERT INTO "term_counts" VALUES(7771947820994515249,1);
INSERT INTO "term_counts" VALUES(7800338398046367953,1);
INSERT INTO "term_counts" VALUES(7898064018649289733,1);
INSERT INTO "term_counts" VALUES(8040849782341774740,2);
INSERT INTO "term_counts" VALUES(8059228278302038696,1);
INSERT INTO "term_counts" VALUES(8179204359378572027,1);
INSERT INTO "term_counts" VALUES(8293583668285149516,1);
INSERT INTO "term_counts" VALUES(8345978432982655294,1);
INSERT INTO "term_counts" VALUES(8546591349739490708,1);
INSERT INTO "term_counts" VALUES(8621036432737751772,1);
INSERT INTO "term_counts" VALUES(8653182313162418050,1);
INSERT INTO "term_counts" VALUES(8955092567165942070,1);
INSERT INTO "term_counts" VALUES(9104731466367730035,1);
INSERT INTO "term_counts" VALUES(9118574432654030574,1);
INSERT INTO "term_counts" VALUES(9154920681846030457,1);
INSERT INTO "term_counts" VALUES(9183046305358056592,1);
INSERT INTO "term_counts" VALUES(9204775851237445880,1);
CREATE TABLE watch_runs (
    watch TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
INSERT INTO "watch_runs" VALUES('balkh-explosion','0ac1273cd1964366','2024-04-02T12:00:00.000000Z');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX hits_by_watch ON hits(watch, found);
CREATE INDEX hits_by_story ON hits(story_id);
CREATE INDEX alerts_by_story ON alerts(story_id, watch);
CREATE INDEX alerts_by_article ON alerts(article_id);
CREATE INDEX alerts_by_entry ON alerts(entry_id);
CREATE INDEX alerts_by_reply ON alerts(in_reply_to);
CREATE INDEX alerts_by_time ON alerts(created);
CREATE INDEX suppressions_by_story ON suppressions(story_id, watch, reason, created);
CREATE INDEX suppressions_by_entry ON suppressions(entry_id);
CREATE INDEX suppressions_for_digest ON suppressions(seq) WHERE in_digest = 1;
CREATE INDEX suppressions_untold ON suppressions(reason) WHERE untold = 1;
CREATE UNIQUE INDEX suppressions_by_seq ON suppressions(seq);
CREATE INDEX suppressions_to_release ON suppressions(release_at) WHERE release_at IS NOT NULL;
CREATE INDEX silences_by_end ON silences(until);
CREATE INDEX silences_by_story ON silences(story_id);
CREATE INDEX articles_seen ON articles(seen);
CREATE INDEX articles_story ON articles(story_id);
CREATE INDEX articles_copy_of ON articles(copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX article_keys_article ON article_keys(article_id);
CREATE INDEX article_guids_article ON article_guids(article_id);
CREATE INDEX stories_last_seen ON stories(last_seen);
CREATE INDEX stories_first_seen ON stories(first_seen);
CREATE INDEX story_terms_story ON story_terms(story_id);
CREATE INDEX placements_article ON placements(article_id);
CREATE INDEX placements_story ON placements(story_id);
CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE active = 1;
CREATE INDEX feeds_leased ON feeds (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX feeds_alarming ON feeds (alarm_at) WHERE alarm_at IS NOT NULL;
CREATE INDEX entries_by_guid ON entries (feed_id, guid);
CREATE INDEX entries_by_link ON entries (feed_id, link_key);
CREATE INDEX entries_by_text ON entries (feed_id, text_hash);
CREATE INDEX entries_by_url ON entries (url);
CREATE INDEX entries_queued ON entries (due_at) WHERE state = 'queued';
CREATE INDEX entries_to_empty ON entries (id) WHERE state = 'done' AND emptied = 0;
CREATE INDEX entries_leased ON entries (host) WHERE lease_until IS NOT NULL;
CREATE INDEX entries_by_article ON entries (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX host_lines_seen ON host_lines (seen);
CREATE INDEX deliveries_due ON deliveries(channel, due, id) WHERE state IN ('new', 'retry');
CREATE INDEX deliveries_sending ON deliveries(channel) WHERE state = 'sending';
CREATE INDEX deliveries_held ON deliveries(channel, due) WHERE state = 'held';
CREATE INDEX deliveries_sent ON deliveries(channel, changed) WHERE state = 'sent';
CREATE INDEX deliveries_told_by ON deliveries(told_by);
CREATE INDEX digests_by_alert ON digests(alert_id);
CREATE INDEX subscriptions_due ON subscriptions (due_at);
CREATE INDEX subscriptions_by_feed ON subscriptions (feed_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('alerts',3);
INSERT INTO "sqlite_sequence" VALUES('deliveries',6);
COMMIT;
