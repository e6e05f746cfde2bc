-- wrk: POSTs notifications of about 1 KB, each with an id of its own, and prints one line of JSON at the end.
-- usage: wrk ... -s notifications.lua URL      on an empty store: the ids are those of the last run

local padding = string.rep("x", 700)
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(arguments)
  count = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["X-Product-Sync-Secret"] = "listener-secret"
end

-- A GUID, as Acumatica's are: each count gives another one, and neighbours have nothing in common, so that an index
-- of them is filled in no order.
local function guid()
  local low, high = count % 2^21, math.floor(count / 2^21)
  return string.format("%08x-%04x-4000-8000-%012x", (low * 2654435761) % 2^32, number, high)
end

function request()
  count = count + 1
  return wrk.format(nil, nil, nil, string.format(
    '{"Inserted":[{"InventoryID":"ITEM%08d","Descr":"%s"}],"Deleted":[],"Query":"Items","CompanyId":"MyTenant",' ..
    '"Id":"%s","TimeStamp":636295833829493672,"AdditionalInfo":{}}',
    count % 1000, padding, guid()))
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"rate":%.0f,"p50_ms":%.2f,"p99_ms":%.2f,"max_ms":%.2f,"requests":%d,"failed":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, summary.requests, e.status + e.connect + e.read + e.write + e.timeout))
end
