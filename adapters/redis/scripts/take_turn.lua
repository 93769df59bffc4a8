-- Become the one who computes a body. Answers the dataset's nonce, or nothing if somebody else is at it.
-- A nonce that is not there (first use, flushed, evicted) is made: who began before it has another one.
-- KEYS: turn, guard
-- ARGV: token, lease in ms, nonce to make, lifetime in s
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return false
end
redis.call('HSETNX', KEYS[2], 'nonce', ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return redis.call('HGET', KEYS[2], 'nonce')
