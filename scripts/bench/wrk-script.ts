/**
 * What wrk runs: one body a line of a file, in turn. A count of every status is kept, because wrk itself only counts
 * those above 399. The whole result is one line of JSON, so that nothing of wrk's prose has to be read.
 */
export function makeWrkScript(bodiesFile: string): string {
  return `
local threads = {}
function setup(thread) table.insert(threads, thread) end

function init()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  bodies = {}
  for line in io.lines(${JSON.stringify(bodiesFile)}) do table.insert(bodies, line) end
  asked, statuses = 0, {}
end

function request()
  asked = asked + 1
  return wrk.format(nil, nil, nil, bodies[(asked - 1) % #bodies + 1])
end

function response(status)
  local name = tostring(status)
  statuses[name] = (statuses[name] or 0) + 1
end

function done(summary, latency)
  local counts = {}
  for status, count in pairs(threads[1]:get("statuses")) do
    table.insert(counts, string.format('"%s":%d', status, count))
  end
  local errors = summary.errors
  print(string.format(
    '${resultMark}{"asked":%d,"answered":%d,"durationUs":%d,"statuses":{%s},' ..
    '"socket":{"connect":%d,"read":%d,"write":%d,"timeout":%d},' ..
    '"latencyUs":{"p50":%d,"p90":%d,"p99":%d,"p999":%d,"max":%d}}',
    threads[1]:get("asked"), summary.requests, summary.duration, table.concat(counts, ","),
    errors.connect, errors.read, errors.write, errors.timeout,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9), latency.max))
end
`
}

/** Stands before the result in wrk's output. */
export const resultMark = 'RESULT '
