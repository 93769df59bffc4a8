-- Count one attempt. Answers nothing, or the time (microseconds) of the attempt that must leave the window first.
-- KEYS: attempts
-- ARGV: now in microseconds, end of the window before now, limit, window in ms, unique name of this attempt
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
local limit = tonumber(ARGV[3])
local made = redis.call('ZCARD', KEYS[1])
if made >= limit then
  local first = redis.call('ZRANGE', KEYS[1], made - limit, made - limit, 'WITHSCORES')
  return first[2] or ARGV[1]
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return false
