// Schedules: what sites do by themselves, when next, how it went last; switch them, start them now.

import {h, idOf, redraw} from './html.js';
import * as api from './api.js';
import {ago, time, words} from './format.js';
import {badge} from './parts.js';
import {table} from './table.js';

const OFTEN = 30000;

function last(one, now) {
  if (!one.last) return 'never';
  const when = h('span', null, ago(one.last.started, now), ' ');
  const outcome = badge(one.last.outcome);
  return h('span', null, when, one.last.sync ? h('a', {href: `#/product-sync/${encodeURIComponent(one.last.sync)}`}, outcome) : outcome,
    one.last.error && h('span', {class: 'soft'}, ` ${one.last.error}`));
}

function next(one) {
  if (!one.active) return '–';
  return h('span', null, time(one.next), one.skipped && h('span', {class: 'soft'}, `; last left out: ${one.skipped.reason}`));
}

function when(one) {
  return h('span', null, one.description ?? h('code', null, one.cron), h('span', {class: 'soft'}, ` (${one.zone})`));
}

export const schedules = {
  name: 'schedules',
  title: 'Schedules',
  open(page) {
    page.body.className = 'stack';
    const address = one => api.path`/v1/sites/${one.site}/schedules/${one.name}`;
    const switchTo = (one, active) => page.act(() => api.put(address(one), {active}),
      `${one.site}: ${words(one.name)} is ${active ? 'on' : 'off'} now.`).then(() => look());
    const start = one => page.act(() => api.post(`${address(one)}/run`), `${one.site}: ${words(one.name)} has been started.`).then(() => look());
    const active = one => h('label', {class: 'choice', title: !page.mayOperate && 'This needs the role operator.'},
      h('input', {type: 'checkbox', role: 'switch', id: idOf('active', one.site, one.name), checked: one.active, disabled: !page.mayOperate,
        'aria-label': `${words(one.name)} of ${one.site}`, onchange: event => switchTo(one, event.target.checked)}),
      one.active ? 'on' : 'off');
    const columns = now => [
      {name: 'Schedule', value: one => words(one.name)},
      {name: 'Active', value: active},
      {name: 'When', value: when},
      {name: 'Next', value: next},
      {name: 'Last', value: one => last(one, now)},
      {name: 'Start', value: one => page.button(idOf('run', one.site, one.name), 'Run now', () => start(one))},
    ];
    const look = page.follow(async () => {
      const all = await Promise.all(page.sites.map(site => api.get(api.path`/v1/sites/${site}/schedules`, page.signal)));
      const now = new Date().toISOString();
      redraw(page.body, page.sites.map((site, i) => h('section', {class: 'card'}, table({
        caption: `Site ${site}`, columns: columns(now), rows: all[i].schedules,
        empty: 'This site has no schedules. They stand under schedules in the configuration of the site.',
      }))));
    }, name => name.startsWith('schedule.') || name === 'run.ended', OFTEN);
  },
};
