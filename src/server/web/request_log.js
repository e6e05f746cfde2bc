// Request Log: what was exchanged with other systems, and one exchange with its bodies.

import {h, redraw} from './html.js';
import * as api from './api.js';
import {bytes, duration, number, plural, time} from './format.js';
import {badge} from './parts.js';
import {table} from './table.js';

const PAGE = 50;
const SHOWN = 300;  // characters of a request in the list
const TYPING = 300;  // milliseconds after the last key
const OFTEN = 10000;

const PEERS = [['', 'All'], ['acumatica', 'Acumatica'], ['rithum', 'Rithum'], ['destination', 'Destination']];
const DIRECTIONS = [['', 'Both'], ['outgoing', 'Outgoing'], ['incoming', 'Incoming']];
const OUTCOMES = [['', 'All'], ['true', 'Failed']];
const FILTERS = ['site', 'peer', 'direction', 'failed', 'method', 'status', 'run', 'from', 'to', 'text'];

const clipped = text => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);
const outcome = one => (one.failed ? badge('failed') : badge('succeeded'));
const result = one => (one.status > 0 ? number(one.status) : one.error_code || '–');
const syncLink = one => (one.run ? h('a', {href: `#/product-sync/${encodeURIComponent(one.run)}`}, 'its sync') : '–');
const both = one => `${bytes(one.bytes_sent)} out, ${bytes(one.bytes_received)} in`;

const columns = [
  {name: 'Time', value: one => h('a', {href: `#/request-log/${one.number}`}, time(one.at))},
  {name: 'Site', value: one => one.site},
  {name: 'With', value: one => `${one.peer}, ${one.direction}`},
  {name: 'Request', value: one => h('span', {class: 'code long'}, clipped(`${one.method} ${one.target}`))},
  {name: 'Outcome', value: outcome},
  {name: 'Status', value: result},
  {name: 'Took', numeric: true, value: one => duration(one.elapsed_ms)},
  {name: 'Bytes', numeric: true, value: both},
  {name: 'Sync', value: syncLink},
];

const select = (id, label, choices, chosen, onchange) => h('label', {class: 'field'}, label,
  h('select', {id, onchange}, choices.map(([value, name]) => h('option', {value, selected: value === chosen}, name))));

// What a field of the kind datetime-local shows for a time, and the other way round.
const local = iso => (iso ? new Date(new Date(iso) - new Date(iso).getTimezoneOffset() * 60000).toISOString().slice(0, 16) : '');
const utc = text => (text ? new Date(text).toISOString() : '');

function openList(page) {
  page.body.className = 'stack';
  const filter = Object.fromEntries(FILTERS.map(name => [name, page.parameters[name] ?? '']));
  const [list, exports] = [h('div', {class: 'card'}), h('p', {class: 'soft'})];
  let listed = [];
  let next = null;
  let latest = 0;

  const read = before => api.get('/v1/requests' + api.query({...filter, limit: PAGE, before}), page.signal);
  const more = async () => {
    const answer = await read(next);
    listed = listed.concat(answer.requests);
    next = answer.next;
    show();
  };
  const show = () => redraw(list, table({
    caption: 'Exchanges', rows: listed, columns, rowClass: one => one.failed && 'failed',
    empty: FILTERS.some(name => filter[name]) ? 'No exchange is like that. Ask for less.'
      : 'Nothing is recorded yet. What each site records is decided by request_log in the configuration.',
  }), next !== null && h('p', null, h('button', {type: 'button', id: 'more', onclick: () => page.act(more)}, 'Show more')));
  const look = async () => {
    const mine = ++latest;
    const answer = await read();
    if (mine !== latest) return;  // something else was asked for meanwhile
    ({requests: listed, next} = answer);
    redraw(exports, 'Export what is listed: ', h('a', {href: '/v1/requests.csv' + api.query(filter), download: 'requests.csv'}, 'CSV'), ', ',
      h('a', {href: '/v1/requests.jsonl' + api.query(filter), download: 'requests.jsonl'}, 'JSON lines'), '.',
      answer.dropped > 0 && ` ${plural(answer.dropped, 'exchange')} had no room since the start, and are missing.`);
    show();
  };
  // The address says what is shown, so that it can be kept and sent to others.
  const change = (name, read = value => value) => event => {
    filter[name] = read(event.target.value);
    history.replaceState(null, '', `#/request-log${api.query(filter)}`);
    page.act(look);
  };
  let typing = 0;
  const typed = name => event => {
    clearTimeout(typing);
    typing = setTimeout(() => change(name)(event), TYPING);
  };
  const input = (name, label, type = 'search') => h('label', {class: 'field'}, label,
    h('input', {id: name, type, value: type === 'search' ? filter[name] : local(filter[name]),
      ...(type === 'search' ? {oninput: typed(name)} : {onchange: change(name, utc)})}));
  const sites = [['', 'All'], ...page.sites.map(site => [site, site])];
  redraw(page.tools,
    page.sites.length > 1 && select('site', 'Site', sites, filter.site, change('site')),
    select('peer', 'With', PEERS, filter.peer, change('peer')),
    select('direction', 'Direction', DIRECTIONS, filter.direction, change('direction')),
    select('failed', 'Outcome', OUTCOMES, filter.failed, change('failed')),
    input('method', 'Method'), input('status', 'Status, such as 4xx'), input('run', 'Sync'),
    input('from', 'From', 'datetime-local'), input('to', 'To', 'datetime-local'), input('text', 'Text'));
  redraw(page.body, list, exports);
  page.follow(() => (listed.length > PAGE ? undefined : look()), () => false, OFTEN);  // whoever reads on is left in peace
}

function openOne(page, wanted) {
  page.body.className = 'stack';
  page.follow(async () => {
    const one = await api.get(api.path`/v1/requests/${wanted}`, page.signal);
    const body = (name, text) => text && [h('h2', null, name), h('pre', null, text)];
    const facts = [['Time', time(one.at)], ['Site', one.site], ['With', `${one.peer}, ${one.direction}`], ['Request', `${one.method} ${one.target}`],
      ['Outcome', outcome(one)], ['Status', result(one)], ['Error', one.error], ['Took', duration(one.elapsed_ms)], ['Bytes', both(one)],
      ['Sync', syncLink(one)], ['Correlation', one.correlation], ['Trace', one.trace]];
    redraw(page.body, h('section', {class: 'card'},
      h('dl', {class: 'facts'}, facts.filter(([, value]) => value).map(([name, value]) => [h('dt', null, name), h('dd', null, value)])),
      one.bodies ? [body('Sent', one.direction === 'outgoing' ? one.request_body : one.response_body),
        body('Received', one.direction === 'outgoing' ? one.response_body : one.request_body)]
        : h('p', {class: 'soft'}, 'Its bodies were not recorded: request_log of the site is not bodies, or there were none.'),
      h('p', null, h('a', {href: '#/request-log'}, 'All exchanges'))));
  });
}

export const requestLog = {
  name: 'request-log',
  title: 'Request Log',
  open(page) {
    const [wanted] = page.values;
    return wanted === undefined ? openList(page) : openOne(page, wanted);
  },
};
