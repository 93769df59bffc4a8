-- What a user says about how a file is to be read is called parse options, no longer roles.
UPDATE datasets
SET document = json_remove(json_set(document, '$.parseOptions', json_extract(document, '$.roles')), '$.roles')
WHERE json_type(document, '$.roles') = 'object';

UPDATE older_versions
SET document = json_remove(json_set(document, '$.parseOptions', json_extract(document, '$.roles')), '$.roles')
WHERE json_type(document, '$.roles') = 'object';
