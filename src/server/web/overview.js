// Overview: alerts; how fresh each site is, how much goes through it, what waits, and what ran last.

import {h, idOf, redraw} from './html.js';
import * as api from './api.js';
import {ageOf, ago, duration, number, plural, time, words} from './format.js';
import {badge, counts, runLink, tile, tiles} from './parts.js';
import {plot} from './plot.js';
import {table} from './table.js';

const OFTEN = 15000;  // milliseconds; ages grow by themselves
const LATE = 15 * 60000;
const SHOWN_RUNS = 6;

function freshness(site, now) {
  const {oldest_undelivered: undelivered, oldest_unproven: unproven} = site.freshness;
  const oldest = [undelivered, unproven].filter(Boolean).sort()[0];
  if (!oldest) return tile('freshness: nothing is under way', 'up to date', {tone: 'good'});
  const age = ageOf(oldest, now);
  const what = oldest === undelivered ? 'not delivered' : 'not confirmed';
  return tile(`freshness: age of the oldest change ${what}`, duration(age), {tone: age > LATE ? 'warn' : ''});
}

function productTiles(site) {
  const tones = {rejected: 'bad', parked: 'warn', overdue: 'warn'};
  return Object.entries(site.products).filter(([, count]) => count > 0).map(([state, count]) =>
    tile(`${words(state)} products`, number(count),
      {tone: tones[state], href: `#/catalog/${encodeURIComponent(site.site)}${api.query({state})}`}));
}

function plots({hours}) {
  const bars = value => hours.map(hour => ({from: new Date(hour.from), to: new Date(hour.to), value: value(hour)}));
  const rows = hours.reduce((sum, hour) => sum + hour.rows, 0);
  const seconds = value => (value === null ? null : value / 1000);
  const slowest = Math.max(0, ...hours.map(hour => hour.slowest_ms ?? 0));
  return [
    plot({title: 'Rows delivered an hour', bars: bars(hour => hour.rows), write: number, least: 10,
      summary: rows === 0 ? 'none in the last 24 hours' : `${number(rows)} in the last 24 hours`}),
    plot({title: 'Time from reading to delivery', bars: bars(hour => seconds(hour.median_ms)), least: 1,
      write: value => duration(value * 1000),
      summary: rows === 0 ? 'nothing was delivered in the last 24 hours' : `median of each hour; the slowest took ${duration(slowest)}`}),
  ];
}

function files(page, site, waiting, now, look) {
  if (waiting.length === 0) return null;
  const address = id => api.path`/v1/sites/${site}/files/${id}`;
  return table({
    caption: 'Files that wait', rows: waiting, empty: '',
    columns: [
      {name: 'File', value: file => file.name ?? `file ${file.id}`},
      {name: 'Rows', value: file => number(file.rows), numeric: true},
      {name: 'Since', value: file => ago(file.created, now)},
      {name: 'Last error', value: file => file.last_error ?? '–'},
      {name: 'Next attempt', value: file => time(file.next_attempt)},
      {name: 'Give up', value: file => page.button(idOf('drop', site, file.id), 'Drop', () =>
        page.act(() => api.post(`${address(file.id)}/drop`), 'The file was given up; its items are read again.').then(look))},
    ],
  });
}

function runs(site, now) {
  return table({
    caption: 'Last syncs', rows: site.syncs.slice(0, SHOWN_RUNS),
    empty: 'No sync has run yet. Start one on the screen Product Sync, or let Acumatica send notifications.',
    columns: [
      {name: 'Sync', value: runLink},
      {name: 'State', value: run => badge(run.state)},
      {name: 'Started', value: run => ago(run.started, now)},
      {name: 'Took', value: run => (run.finished ? duration(ageOf(run.started, run.finished)) : '…')},
      {name: 'Counts', value: run => run.error ?? counts(run)},
    ],
  });
}

function notices(site) {
  return site.withdrawals.filter(held => held.state === 'held').map(held => h('p', {class: 'notice'},
    `${plural(held.products, 'withdrawal')} of ${plural(held.known, 'known product')} wait for an operator. `,
    h('a', {href: `#/plan/${encodeURIComponent(site.site)}`}, 'Look at them')));
}

function siteCard(page, site, activity, waiting, now, look) {
  const name = encodeURIComponent(site.site);
  const inbox = site.notifications;
  return h('section', {class: 'card', 'aria-labelledby': idOf('site', site.site)},
    h('h2', {id: idOf('site', site.site)}, `Site ${site.site}`), notices(site),
    tiles(freshness(site, now),
      tile('notifications waiting', number(inbox.pending), {href: `#/notifications/${name}`}),
      tile('in quarantine', number(inbox.quarantined), {href: `#/notifications/${name}`, tone: inbox.quarantined > 0 ? 'warn' : ''}),
      tile('files waiting', number(site.waiting_files), {tone: site.waiting_file?.last_error ? 'bad' : ''}),
      productTiles(site)),
    h('div', {class: 'columns'}, plots(activity)),
    files(page, site.site, waiting, now, look), runs(site, now));
}

function alerts(all, now) {
  if (all.length === 0) return null;
  return h('section', {class: 'card'}, table({
    caption: 'Alerts', rows: all, empty: '',
    columns: [{name: 'Alert', value: alert => words(alert.rule)}, {name: 'Site', value: alert => alert.site || '–'},
      {name: 'What', value: alert => h('span', null, alert.message, h('span', {class: 'soft'}, ` ${alert.remedy}`))},
      {name: 'Since', value: alert => ago(alert.since, now)}],
  }));
}

function loops(all) {
  const troubled = all.filter(loop => loop.last_error);
  if (troubled.length === 0) return null;
  return h('section', {class: 'card'}, table({
    caption: 'What had trouble at its last round', rows: troubled, empty: '',
    columns: [{name: 'Loop', value: loop => loop.name}, {name: 'Trouble', value: loop => loop.last_error},
      {name: 'Last round', value: loop => time(loop.last_round)}],
  }));
}

export const overview = {
  name: 'overview',
  title: 'Overview',
  open(page) {
    page.body.className = 'stack';
    const look = page.follow(async () => {
      const [answer, raised] = await Promise.all([api.get('/v1/overview', page.signal), api.get('/v1/alerts', page.signal)]);
      const more = await Promise.all(answer.sites.map(async ({site}) => Promise.all([
        api.get(api.path`/v1/sites/${site}/activity`, page.signal),
        api.get(api.path`/v1/sites/${site}/files`, page.signal)])));
      redraw(page.body, alerts(raised.alerts, answer.now), loops(answer.loops), answer.sites.map((site, i) => {
        const waiting = more[i][1].files.filter(file => file.state === 'waiting' || file.state === 'recording');
        return siteCard(page, site, more[i][0], waiting, answer.now, look);
      }));
    }, name => name !== 'run.progress', OFTEN);
  },
};
