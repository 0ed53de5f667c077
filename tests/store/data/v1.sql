BEGIN TRANSACTION;
CREATE TABLE conduit_batches (
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (name)
);
INSERT INTO "conduit_batches" VALUES(1,'b','d',1700000000.0);
CREATE TABLE conduit_branches (
	conversation INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	tip TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (conversation, name), 
	FOREIGN KEY(conversation) REFERENCES conduit_conversations (number)
);
INSERT INTO "conduit_branches" VALUES(1,'main','b2:c64257daa70183ad1f41469492158322',1);
INSERT INTO "conduit_branches" VALUES(1,'main-2','b2:d64008333bc4baa2496754ea540b9a63',2);
CREATE TABLE conduit_clips (
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	notation TEXT NOT NULL, 
	conversation TEXT NOT NULL, 
	provenance TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "conduit_clips" VALUES(1,'bass','clip Bass | 1 bars | 4/4 | 120 bpm | bass
1 | 1:A1/2','acid','{}',1700000000.0);
CREATE TABLE conduit_conversations (
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	title TEXT NOT NULL, 
	metadata TEXT NOT NULL, 
	current TEXT NOT NULL, 
	created FLOAT NOT NULL, 
	updated FLOAT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (name)
);
INSERT INTO "conduit_conversations" VALUES(1,'acid','Acid bass','{"seed":7}','main-2',1700000000.0,1700000000.0);
CREATE TABLE conduit_facts (
	conversation INTEGER NOT NULL, 
	node TEXT NOT NULL, 
	provider TEXT NOT NULL, 
	model TEXT NOT NULL, 
	input_tokens INTEGER, 
	output_tokens INTEGER, 
	cost_usd TEXT, 
	metadata TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (conversation, node), 
	FOREIGN KEY(conversation) REFERENCES conduit_conversations (number)
);
INSERT INTO "conduit_facts" VALUES(1,'b2:d64008333bc4baa2496754ea540b9a63','openai','gpt',9,4,'0.00042','{"provider":"openai","model":"gpt","stop_reason":"stop","usage":{"input_tokens":9,"output_tokens":4,"cached_tokens":0,"cache_write_tokens":0,"reasoning_tokens":0},"duration_s":0.0,"first_token_s":null,"cost_usd":"0.00042","citations":[],"cached":false}',1700000000.0);
CREATE TABLE conduit_items (
	batch INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	payload TEXT, 
	error TEXT, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (batch, place), 
	FOREIGN KEY(batch) REFERENCES conduit_batches (number)
);
INSERT INTO "conduit_items" VALUES(1,0,'k','1',NULL,1700000000.0);
CREATE TABLE conduit_media (
	conversation INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (conversation, id), 
	FOREIGN KEY(conversation) REFERENCES conduit_conversations (number)
);
INSERT INTO "conduit_media" VALUES(1,'b2:070d3b3c795cd5e15ad12953ce31f4e3',X'89504E47');
CREATE TABLE conduit_memories (
	"key" TEXT NOT NULL, 
	text TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "conduit_memories" VALUES('tempo','128',1700000000.0);
CREATE TABLE conduit_nodes (
	number INTEGER NOT NULL, 
	conversation INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	parent TEXT NOT NULL, 
	depth INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	message TEXT NOT NULL, 
	text TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (conversation, id), 
	FOREIGN KEY(conversation) REFERENCES conduit_conversations (number)
);
INSERT INTO "conduit_nodes" VALUES(1,1,'b2:ae8016c051603f49a17730393ec82a5b','',1,0,'system','{"role":"system","content":"Be Brief."}','Be Brief.',1700000000.0);
INSERT INTO "conduit_nodes" VALUES(2,1,'b2:6bb905189f6ccee61d9062e9f8e26697','b2:ae8016c051603f49a17730393ec82a5b',2,1,'user','{"role":"user","parts":[{"type":"text","text":"An ACID Bassline in GRÖSSE, with \u0000","provider_data":{}}]}','An ACID Bassline in GRÖSSE, with ',1700000000.0);
INSERT INTO "conduit_nodes" VALUES(3,1,'b2:892ce169595c9d710835b3fae4323ad6','b2:6bb905189f6ccee61d9062e9f8e26697',3,1,'assistant','{"role":"assistant","parts":[{"type":"text","text":"Here it Is","provider_data":{}},{"type":"tool_call","id":"c1","name":"write_clip","arguments":"{}","provider_data":{}}]}','Here it Is',1700000000.0);
INSERT INTO "conduit_nodes" VALUES(4,1,'b2:c64257daa70183ad1f41469492158322','b2:892ce169595c9d710835b3fae4323ad6',4,1,'tool','{"role":"tool","result":{"type":"tool_result","call_id":"c1","name":"write_clip","text":"Plan P1 is Pending","is_error":false}}','Plan P1 is Pending',1700000000.0);
INSERT INTO "conduit_nodes" VALUES(5,1,'b2:be70c1237970ec7e4414653cd3370f5d','b2:ae8016c051603f49a17730393ec82a5b',2,1,'user','{"role":"user","parts":[{"type":"text","text":"A Pad","provider_data":{}},{"type":"image","media_type":"image/png","media":"b2:070d3b3c795cd5e15ad12953ce31f4e3"}]}','A Pad',1700000000.0);
INSERT INTO "conduit_nodes" VALUES(6,1,'b2:d64008333bc4baa2496754ea540b9a63','b2:be70c1237970ec7e4414653cd3370f5d',3,1,'assistant','{"role":"assistant","parts":[{"type":"text","text":"A soft pad","provider_data":{}}]}','A soft pad',1700000000.0);
CREATE TABLE conduit_personas (
	name TEXT NOT NULL, 
	text TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "conduit_personas" VALUES('dj','You are a DJ',1700000000.0);
CREATE TABLE conduit_plans (
	number INTEGER NOT NULL, 
	session TEXT NOT NULL, 
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	status TEXT NOT NULL, 
	conversation TEXT NOT NULL, 
	details TEXT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "conduit_plans" VALUES(1,'d07049ca','P1','Fill slot 1','config_change','pending','','{}',1700000000.0);
CREATE TABLE conduit_schema (
	version INTEGER NOT NULL
);
INSERT INTO "conduit_schema" VALUES(1);
CREATE INDEX conduit_conversations_updated ON conduit_conversations (updated);
CREATE INDEX conduit_clips_name ON conduit_clips (name);
COMMIT;
