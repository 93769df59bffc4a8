-- Tell every process, and remember the report for who comes later, unless it is of an older version.
-- The server's time numbers the reports: it goes on growing after a flush or a restart.
-- KEYS: last report
-- ARGV: report, version, lifetime in s, channel
local time = redis.call('TIME')
local at = string.format('%d%06d', time[1], time[2])
if tonumber(ARGV[2]) >= tonumber(redis.call('HGET', KEYS[1], 'version') or '0') then
  redis.call('HSET', KEYS[1], 'version', ARGV[2], 'at', at, 'report', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return redis.call('PUBLISH', ARGV[4], at .. ' ' .. ARGV[1])
