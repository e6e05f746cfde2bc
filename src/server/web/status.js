'use strict';

const notice = document.getElementById('notice');
const tokenForm = document.getElementById('token-form');
const sites = document.getElementById('sites');
const pause = 2000;  // milliseconds between looks

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function headers() {
  const token = sessionStorage.getItem('operator-token');
  return token ? {Authorization: 'Bearer ' + token} : {};
}

function time(iso) {
  return iso ? new Date(iso).toLocaleString() : '–';
}

function tiles(site) {
  const row = element('div', null, 'tiles');
  const tile = (label, value) => {
    const box = element('div', label, 'tile');
    box.prepend(element('b', value));
    row.append(box);
  };
  for (const [state, count] of Object.entries(site.products)) tile('products ' + state.replace('_', ' '), count);
  tile('notifications waiting', site.notifications.pending);
  tile('notifications taken', site.notifications.stored);
  tile('in quarantine', site.notifications.quarantined);
  tile('files waiting', site.waiting_files);
  tile('read up to', time(site.read_up_to));
  return row;
}

const columns = [
  ['Started', run => time(run.started)], ['Type', run => run.type], ['Asked by', run => run.trigger],
  ['State', run => run.state], ['Read', run => run.counts.read, 'number'],
  ['Unchanged', run => run.counts.unchanged, 'number'], ['Rows', run => run.counts.rows, 'number'],
  ['Parked', run => run.counts.parked, 'number'], ['Failed', run => run.counts.failed, 'number'],
  ['File', run => run.file || run.error || ''],
];

function runs(site) {
  const table = element('table');
  const head = table.createTHead().insertRow();
  for (const [name, , kind] of columns) {
    const cell = element('th', name, kind);
    cell.scope = 'col';
    head.append(cell);
  }
  const body = table.createTBody();
  for (const run of site.syncs) {
    const row = body.insertRow();
    if (run.state === 'failed') row.className = 'bad';
    for (const [, value, kind] of columns) row.append(element('td', value(run), kind));
  }
  const scroll = element('div', null, 'scroll');
  scroll.append(table);
  return scroll;
}

function buttons(site) {
  const row = element('p');
  for (const type of ['delta', 'full']) {
    const button = element('button', type === 'delta' ? 'Delta sync' : 'Full sync');
    button.type = 'button';
    button.addEventListener('click', async () => {
      const reply = await fetch(`/v1/sites/${site.site}/syncs`, {
        method: 'POST', headers: {'Content-Type': 'application/json', ...headers()}, body: JSON.stringify({type}),
      });
      const answer = await reply.json();
      notice.textContent = reply.ok ? `Sync ${answer.id} has begun.` : answer.title;
      look();
    });
    row.append(button, ' ');
  }
  return row;
}

function show(overview) {
  const parts = [];
  for (const site of overview.sites) {
    parts.push(element('h2', 'Site ' + site.site), tiles(site), buttons(site), runs(site));
  }
  for (const loop of overview.loops) {
    if (loop.last_error) parts.push(element('p', `${loop.name}: ${loop.last_error}`, 'bad'));
  }
  sites.replaceChildren(...parts);
}

async function look() {
  try {
    const reply = await fetch('/v1/overview', {headers: headers()});
    tokenForm.hidden = reply.status !== 401;
    const answer = await reply.json();
    if (!reply.ok) {
      notice.textContent = answer.title;
      sites.replaceChildren();
      return;
    }
    // Focus would be lost with the button it stands on.
    if (!sites.contains(document.activeElement)) show(answer);
    notice.textContent = 'As of ' + time(answer.now);
  } catch (error) {
    notice.textContent = 'Product Sync does not answer: ' + error.message;
  }
}

tokenForm.addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem('operator-token', document.getElementById('token').value);
  look();
});

look();
setInterval(look, pause);
