CREATE TABLE annotations (
    dataset_id TEXT NOT NULL,
    metric     TEXT NOT NULL,
    at         INTEGER NOT NULL, -- microseconds since 1970
    document   TEXT NOT NULL,
    PRIMARY KEY (dataset_id, metric, at)
) STRICT, WITHOUT ROWID;
