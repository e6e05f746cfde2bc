// Notifications: the inbox, what could not be read, and replaying a range of time.

import {h, idOf, redraw} from './html.js';
import * as api from './api.js';
import {ago, number, plural, time} from './format.js';
import {badge, confirmed, productLink, siteSelect, tile, tiles} from './parts.js';
import {table} from './table.js';

const PAGE = 50;
const SHOWN_KEYS = 8;
const OFTEN = 20000;

function keys(site, one) {
  const shown = one.keys.slice(0, SHOWN_KEYS).flatMap(key => [productLink(site, key), ' ']);
  const rest = one.keys.length - SHOWN_KEYS;
  return h('span', null, shown, rest > 0 && `and ${number(rest)} more`, !one.keys_complete && h('span', {class: 'soft'}, ' some rows named no item'));
}

const columns = site => [
  {name: 'Received', value: one => time(one.received)},
  {name: 'State', value: one => badge(one.pending ? 'waiting' : 'completed')},
  {name: 'Query', value: one => one.query},
  {name: 'Items', value: one => keys(site, one)},
  {name: 'Sync', value: one => (one.run ? h('a', {href: `#/product-sync/${encodeURIComponent(one.run)}`}, 'its sync') : '–')},
];

function summary(stats, now) {
  return h('section', {class: 'card'}, tiles(
    tile('waiting', number(stats.pending)),
    tile('oldest of them', stats.oldest_pending ? ago(stats.oldest_pending, now) : '–'),
    tile('taken', number(stats.stored)),
    tile('in quarantine', number(stats.quarantined), {tone: stats.quarantined > 0 ? 'warn' : ''})));
}

function quarantine(stats) {
  return h('section', {class: 'card'}, table({
    caption: 'Quarantine', rows: stats.quarantine,
    empty: 'Nothing: every notification could be read.',
    columns: [
      {name: 'Received', value: one => time(one.received)},
      {name: 'Reason', value: one => one.reason},
      {name: 'Body', value: one => h('details', {id: idOf('body', one.received)}, h('summary', null, plural(one.body.length, 'character')), h('pre', null, one.body))},
    ],
  }));
}

function replayForm(page, site, done) {
  const submit = async event => {
    event.preventDefault();
    const data = new FormData(event.target);
    const range = {from: new Date(data.get('from')).toISOString(), to: new Date(data.get('to')).toISOString()};
    const sure = await confirmed({title: 'Replay notifications?', action: 'Replay',
      text: `Every notification of site ${site} from ${time(range.from)} to ${time(range.to)} is carried on once more: its items are `
        + 'read again, and what differs from what Rithum was told is sent.'});
    if (!sure) return;
    await page.act(() => api.post(api.path`/v1/sites/${site}/inbox/replay`, range),
      answer => `${plural(answer.replayed, 'notification')} ${answer.replayed === 1 ? 'waits' : 'wait'} again.`);
    done();
  };
  return h('form', {class: 'card', onsubmit: submit}, h('h2', null, 'Replay'),
    h('div', {class: 'row'},
      h('label', {class: 'field'}, 'Received from', h('input', {type: 'datetime-local', name: 'from', id: 'replay-from', required: true})),
      h('label', {class: 'field'}, 'to', h('input', {type: 'datetime-local', name: 'to', id: 'replay-to', required: true})),
      h('button', {id: 'replay', disabled: !page.mayOperate}, 'Replay')),
    h('p', {class: 'soft'}, page.mayOperate ? `In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.` : 'This needs the role operator.'));
}

export const notifications = {
  name: 'notifications',
  title: 'Notifications',
  open(page) {
    page.body.className = 'stack';
    const [site = page.sites[0]] = page.values;
    const [head, inbox, held] = [h('div'), h('div', {class: 'card'}), h('div')];
    let state = 'all';
    let listed = [];
    let next = null;

    const read = after => api.get(api.path`/v1/sites/${site}/inbox` + api.query({state: state === 'all' ? '' : state, limit: PAGE, after}), page.signal);
    const more = async () => {
      const answer = await read(next);
      listed = listed.concat(answer.notifications);
      next = answer.next;
      show();
    };
    const show = () => redraw(inbox, table({
      caption: 'Inbox', rows: listed, columns: columns(site),
      empty: state === 'waiting' ? 'Nothing waits.'
        : `None. Let Acumatica's push destination (form SM302000) send to ${location.origin}/v1/sites/${site}/notifications.`,
    }), next !== null && h('p', null, h('button', {type: 'button', id: 'more', onclick: () => page.act(more)}, 'Show more')));
    const look = page.follow(async () => {
      const stats = await api.get(api.path`/v1/sites/${site}/notifications`, page.signal);
      redraw(head, summary(stats, new Date().toISOString()));
      redraw(held, quarantine(stats));
      if (listed.length > PAGE) return;  // whoever reads on is left in peace
      ({notifications: listed, next} = await read());
      show();
    }, (name, data) => (name === 'queue' && data.site === site) || name === 'run.ended', OFTEN);
    redraw(page.tools, siteSelect(page.sites, site, chosen => { location.hash = `#/notifications/${encodeURIComponent(chosen)}`; }),
      h('label', {class: 'field'}, 'Show', h('select', {id: 'state', onchange: event => {
        state = event.target.value;
        listed = [];
        look();
      }}, h('option', {value: 'all'}, 'All'), h('option', {value: 'waiting'}, 'Waiting'), h('option', {value: 'completed'}, 'Completed'))));
    redraw(page.body, head, inbox, held, replayForm(page, site, look));
  },
};
