-- Drop every body of a dataset, and refuse those of older versions and of computations that have begun.
-- Answers how many listeners were told.
-- KEYS: fence, names of the dataset's metrics
-- ARGV: least version, new generation, lifetime in s, what the dataset's buckets begin with, channel, message
local least = math.max(tonumber(ARGV[1]), tonumber(redis.call('HGET', KEYS[1], 'minVersion') or '0'))
redis.call('HSET', KEYS[1], 'minVersion', string.format('%d', least), 'generation', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
for _, metric in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  redis.call('UNLINK', ARGV[4] .. metric)
end
redis.call('UNLINK', KEYS[2])
return redis.call('PUBLISH', ARGV[5], ARGV[6])
