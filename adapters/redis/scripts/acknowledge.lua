-- Say that a message was heard.
-- KEYS: acknowledgements of the message
-- ARGV: lifetime in s
redis.call('RPUSH', KEYS[1], '1')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
