-- wrk's script: GETs of random accounts, every thread with a sequence of its own.
local keys = {}
for key in io.lines(os.getenv("BENCH_KEYS")) do keys[#keys + 1] = key end

local seed = 1
function setup(thread)
  thread:set("seed", seed)
  seed = seed + 1
end

function init(args)
  math.randomseed(seed)
  requests = {}
  for i, key in ipairs(keys) do requests[i] = wrk.format("GET", "/jwt/v1/accounts/" .. key) end
end

function request()
  return requests[math.random(#requests)]
end

-- With a pause the load is about the same however fast the answers come.
local pause = tonumber(os.getenv("BENCH_PAUSE_MS"))
if pause then
  function delay() return math.random(0, 2 * pause) end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %.0f %.0f %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
