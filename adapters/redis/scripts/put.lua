-- Keep a body, unless a newer version or a later invalidation was seen. Answers -1 if refused, else
-- how many listeners were told that an older body was replaced.
-- KEYS: bucket (fields of one metric), fence, names of the dataset's metrics
-- ARGV: field, version, body, lifetime in s, most fields, expected generation or '', metric, channel, message
local version = tonumber(ARGV[2])
if version < tonumber(redis.call('HGET', KEYS[2], 'minVersion') or '0') then
  return -1
end
if ARGV[6] ~= '' and ARGV[6] ~= redis.call('HGET', KEYS[2], 'generation') then
  return -1
end
local stored_version = tonumber(redis.call('HGET', KEYS[1], ':version') or '0')
if version < stored_version then
  return -1
end
local changed = redis.call('HEXISTS', KEYS[1], ARGV[1])
if version > stored_version then
  changed = redis.call('UNLINK', KEYS[1])
  redis.call('HSET', KEYS[1], ':version', ARGV[2])
elseif changed == 0 and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) then -- one of them is ':version'
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if field ~= ':version' then
      redis.call('HDEL', KEYS[1], field)
      break
    end
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('SADD', KEYS[3], ARGV[7])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[3], ARGV[4])
if changed == 1 then
  return redis.call('PUBLISH', ARGV[8], ARGV[9])
end
return 0
