// Product Sync: start a sync of one or several sites, watch it, and see what came of it.

import {h, idOf, redraw} from './html.js';
import * as api from './api.js';
import {ageOf, capital, duration, number, plural, time, words} from './format.js';
import {badge, counts, problemBox, runLink, tile, tiles} from './parts.js';
import {table} from './table.js';

const TYPES = [
  ['delta', 'Delta', 'what was created or changed since the last sync'],
  ['full', 'Full', 'everything'],
  ['custom', 'Custom', 'what changed in a range of dates, or single SKUs'],
];
const COUNTS = ['read', 'unchanged', 'rows', 'parked', 'failed', 'not_exported', 'withdrawn', 'held'];
const TONES = {failed: 'bad', parked: 'warn', held: 'warn'};

// `2026-11-01T08:00` as a clock in the zone shows it -> an instant. Twice, since the offset is that of the result.
export function instantOf(local, zone) {
  if (!local) return undefined;
  const wanted = Date.parse(local + 'Z');
  const shown = instant => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', {timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit',
      hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'}).formatToParts(instant).map(({type, value}) => [type, value]));
    return Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`);
  };
  let instant = wanted;
  for (let i = 0; i < 2; ++i) instant += wanted - shown(instant);
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

function zones() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}

function form(page, process) {
  const custom = h('fieldset', {id: 'range', hidden: true}, h('legend', null, 'Changed between'),
    h('div', {class: 'row'},
      h('label', {class: 'field'}, 'From', h('input', {type: 'datetime-local', name: 'from', id: 'from'})),
      h('label', {class: 'field'}, 'To (empty: now)', h('input', {type: 'datetime-local', name: 'to', id: 'to'})),
      h('label', {class: 'field'}, 'Time zone', h('select', {name: 'zone', id: 'zone'}, zones().map(zone => h('option', null, zone))))),
    h('label', {class: 'field'}, 'or these SKUs, one on each line',
      h('textarea', {name: 'skus', id: 'skus', rows: 3, spellcheck: 'false'})));
  const chooseType = event => { custom.hidden = event.target.value !== 'custom'; };
  const submit = event => {
    event.preventDefault();
    const data = new FormData(event.target);
    const request = {type: data.get('type'), dry_run: data.get('dry_run') !== null};
    if (request.type === 'custom') {
      const skus = data.get('skus').split('\n').map(sku => sku.trim()).filter(Boolean);
      if (skus.length > 0) request.skus = skus;
      request.from = instantOf(data.get('from'), data.get('zone'));
      request.to = instantOf(data.get('to'), data.get('zone'));
    }
    process(request, data.getAll('site'), event.target.querySelector('#process'));
  };
  return h('form', {class: 'card', onsubmit: submit},
    h('h2', null, 'What to sync'),
    h('fieldset', null, h('legend', null, 'Sync type'), TYPES.map(([type, name, what]) => h('label', {class: 'choice'},
      h('input', {type: 'radio', name: 'type', value: type, id: `type-${type}`, checked: type === 'delta', onchange: chooseType}),
      h('span', null, name, h('span', {class: 'soft'}, ` – ${what}`))))),
    custom,
    h('fieldset', null, h('legend', null, 'Sites'), page.sites.map(site => h('label', {class: 'choice'},
      h('input', {type: 'checkbox', name: 'site', value: site, id: idOf('site', site), checked: page.sites.length === 1}), site))),
    h('label', {class: 'choice'}, h('input', {type: 'checkbox', name: 'dry_run', id: 'dry-run'}),
      h('span', null, 'Dry run', h('span', {class: 'soft'}, ' – only plan; nothing is sent'))),
    h('p', null, h('button', {class: 'main', id: 'process', disabled: !page.mayOperate}, 'Process')),
    !page.mayOperate && h('p', {class: 'soft'}, 'Starting a sync needs the role operator.'));
}

function links(run) {
  const catalog = `#/catalog/${encodeURIComponent(run.site)}`;
  const each = [];
  if (run.dry_run) each.push(h('a', {href: `#/plan/${encodeURIComponent(run.site)}/${encodeURIComponent(run.id)}`}, 'Look at the plan'));
  if (run.counts.parked > 0) each.push(h('a', {href: `${catalog}?state=parked`}, 'Parked products and why'));
  if (run.counts.held > 0) each.push(h('a', {href: `#/plan/${encodeURIComponent(run.site)}`}, 'Withdrawals that wait for you'));
  each.push(h('a', {href: catalog}, 'Catalog'));
  return h('p', {class: 'row'}, each);
}

// How one sync stands. The heading says what people wait for: Processing Completed.
function runCard(page, run, look) {
  const over = run.finished !== null;
  const heading = !over ? 'Processing' : run.state === 'succeeded' || run.state === 'partial' ? 'Processing Completed'
    : `Processing ${run.state}`;
  const end = over ? run.finished : new Date().toISOString();
  const took = ageOf(run.started, end);
  const rate = took > 0 ? run.counts.read / (took / 1000) : 0;
  return h('section', {class: 'card run', 'aria-labelledby': idOf('run', run.id), 'data-run': run.id, 'data-state': run.state},
    h('h2', {id: idOf('run', run.id)}, `${heading}: site ${run.site} `, badge(run.state)),
    h('p', {class: 'soft'}, `${capital(run.type)}${run.dry_run ? ', dry run' : ''}, asked for by ${words(run.trigger)}, `,
      `${time(run.started)}${run.from ? `, changes from ${time(run.from)}` : ''}${run.to ? ` to ${time(run.to)}` : ''}`),
    !over && h('progress', {'aria-label': `Sync of site ${run.site} is under way`}),
    tiles(COUNTS.filter(name => run.counts[name] > 0 || name === 'read' || name === 'rows').map(name =>
      tile(words(name), number(run.counts[name]), {tone: run.counts[name] > 0 ? TONES[name] : ''})),
    tile('time', duration(took)), tile('items a second', number(Math.round(rate)))),
    run.error && problemBox({message: run.error}),
    over ? links(run) : h('p', null, page.button(idOf('cancel', run.id), 'Cancel', () => page.act(
      () => api.post(api.path`/v1/syncs/${run.id}/cancel`), 'The sync ends after what it is doing now.').then(look))));
}

function history(runs) {
  return h('section', {class: 'card'}, table({
    caption: 'Syncs so far', rows: runs, empty: 'No sync has run yet: choose a type above and press Process.',
    columns: [
      {name: 'Sync', value: runLink}, {name: 'Site', value: run => run.site}, {name: 'State', value: run => badge(run.state)},
      {name: 'Started', value: run => time(run.started)},
      {name: 'Asked for by', value: run => `${words(run.trigger)}${run.dry_run ? ', dry run' : ''}`},
      {name: 'Counts', value: run => run.error ?? counts(run)},
    ],
  }));
}

export const productSync = {
  name: 'product-sync',
  title: 'Product Sync',
  open(page) {
    page.body.className = 'stack';
    const watched = h('div', {class: 'stack', id: 'watched'});
    const past = h('div', {class: 'stack'});
    const shown = new Map(page.values.slice(0, 1).map(id => [id, null]));  // runs with a card, by their ids

    const show = () => redraw(watched, [...shown.values()].filter(Boolean).reverse().map(run => runCard(page, run, look)));
    const look = page.follow(async () => {
      for (const id of shown.keys()) shown.set(id, await api.get(api.path`/v1/syncs/${id}`, page.signal));
      const {syncs} = await api.get('/v1/syncs?limit=25', page.signal);
      for (const run of syncs) if (!run.finished && !shown.has(run.id)) shown.set(run.id, run);
      show();
      redraw(past, history(syncs));
    }, name => name === 'run.started' || name === 'run.ended', 20000);
    page.listen((name, run) => {
      if (!name.startsWith('run.') || !shown.has(run.id)) return;
      shown.set(run.id, run);
      show();
      if (name === 'run.ended') page.say(`Processing of site ${run.site} has ended: ${words(run.state)}.`);
    });

    const process = async (request, sites, button) => {
      if (sites.length === 0) return page.explain({message: 'Choose at least one site.', status: 400});
      button.disabled = true;
      const refused = [];
      for (const site of sites) {
        try {
          const run = await api.post(api.path`/v1/sites/${site}/syncs`, request);
          shown.set(run.id, run);
        } catch (problem) {
          refused.push({site, problem});
          if (problem.body?.running) shown.set(problem.body.running.id, problem.body.running);
        }
      }
      button.disabled = false;
      await look();
      redraw(page.says, refused.map(({site, problem}) =>
        problemBox({message: `Site ${site}: ${problem.message}`, detail: problem.detail})));
      const begun = sites.length - refused.length;
      if (begun > 0) page.say(`${plural(begun, 'sync', 'syncs')} started.`);
    };
    redraw(page.body, form(page, process), watched, past);
  },
};
