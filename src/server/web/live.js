// What happens, as it happens: one stream of server-sent events for the page.

const EVENTS = ['run.started', 'run.progress', 'run.ended', 'file.delivered', 'file.failed', 'file.dropped', 'queue',
  'schedule.started', 'schedule.skipped', 'missed'];
const FIRST_PAUSE = 1000;  // milliseconds before the next try; doubles up to the longest
const LONGEST_PAUSE = 15000;

const listeners = new Set();
let source = null;
let pause = FIRST_PAUSE;
let retry = 0;
let lost = false;
let watch = () => {};

function tell(name, data) {
  for (const listener of listeners) listener(name, data);
}

function connect() {
  source = new EventSource('/v1/events');
  source.onopen = () => {
    pause = FIRST_PAUSE;
    watch(true);
    if (lost) tell('missed', {});  // what happened meanwhile is in the store
    lost = false;
  };
  // The browser comes back by itself after a broken connection, and never after an answer such as 503.
  source.onerror = () => {
    lost = true;
    watch(false);
    if (source.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };
  for (const name of EVENTS) source.addEventListener(name, event => tell(name, JSON.parse(event.data)));
}

// `connected` is called with true and false as the stream comes and goes.
export function begin(connected) {
  end();
  watch = connected;
  connect();
}

export function end() {
  clearTimeout(retry);
  source?.close();
  source = null;
  lost = false;
  pause = FIRST_PAUSE;
}

// `listener(name, data)` hears of each event until the function that is returned is called.
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
