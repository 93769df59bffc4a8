-- Take the lock on the computation of a body. Answers the dataset's generation, or nothing if it is held.
-- A missing generation (first use, flushed, evicted) is made: computations that began before it have another one.
-- KEYS: lock, fence
-- ARGV: token, lease in ms, generation to make, lifetime in s
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return false
end
redis.call('HSETNX', KEYS[2], 'generation', ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return redis.call('HGET', KEYS[2], 'generation')
