/** Milliseconds by the clock of Redis, the only one that all replicas share. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * KEYS: the copy; then of every tag its version and its changes. ARGV: a version never used before, and its life.
 *
 * Keys that hold something else than expected are treated as missing.
 */
export const LOOK = `${NOW}
for at = 2, #KEYS, 2 do
  if redis.call('ZCOUNT', KEYS[at + 1], now, '+inf') > 0 then return {'changing'} end
end
local versions = {}
for at = 2, #KEYS, 2 do
  local version = redis.pcall('GET', KEYS[at])
  if type(version) ~= 'string' then
    version = ARGV[1]
    redis.call('SET', KEYS[at], version, 'PX', ARGV[2])
  end
  versions[#versions + 1] = version
end
versions = table.concat(versions, ',')
local copy = redis.pcall('GET', KEYS[1])
local head = versions .. '\\n'
if type(copy) == 'string' and string.sub(copy, 1, #head) == head then
  return {'hit', versions, string.sub(copy, #head + 1)}
end
return {'miss', versions}
`;

/**
 * KEYS: of every tag its version and its changes. ARGV: the change, and the milliseconds after which it is over even if
 * nobody says so. Versions go first: a full Redis refuses the rest.
 */
export const BEGIN_CHANGE = `${NOW}
for at = 1, #KEYS, 2 do redis.call('UNLINK', KEYS[at]) end
for at = 2, #KEYS, 2 do
  redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', now)
  redis.call('ZADD', KEYS[at], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[at], ARGV[2])
end
`;

/** KEYS: of every tag its version and its changes. ARGV: the change. */
export const END_CHANGE = `
for at = 1, #KEYS, 2 do
  redis.call('UNLINK', KEYS[at])
  redis.call('ZREM', KEYS[at + 1], ARGV[1])
end
`;
