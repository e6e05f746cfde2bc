// Plan: what a sync would change, field by field; and withdrawals that wait for an operator's word.

import {h, idOf, redraw} from './html.js';
import * as api from './api.js';
import {number, plural, time, words} from './format.js';
import {badge, confirmed, productLink, siteSelect} from './parts.js';
import {changes} from './product.js';
import {table} from './table.js';

const PAGE = 50;
const WITHDRAWALS = 100;

// Withdrawals that the guard held back.
async function openWithdrawals(page, site, place, look) {
  const {plans} = await api.get(api.path`/v1/sites/${site}/withdrawals`, page.signal);
  const listed = await Promise.all(plans.map(plan =>
    api.get(api.path`/v1/sites/${site}/withdrawals/${plan.id}` + api.query({limit: WITHDRAWALS}), page.signal)));
  const decide = async (plan, {title, text, action, way, said}) => {
    if (!await confirmed({title, text, action})) return;
    await page.act(() => api.post(api.path`/v1/sites/${site}/withdrawals/${plan.id}/${way}`), said);
    look();
  };
  const buttons = plan => h('p', {class: 'row'},
    page.button(idOf('confirm', plan.id), `Withdraw ${plural(plan.products, 'product')} …`, () => decide(plan, {
      title: `Withdraw ${plural(plan.products, 'product')}?`, action: 'Withdraw', way: 'confirm', said: 'The withdrawals are confirmed; they are being sent.',
      text: `Rithum will be told that these ${number(plan.products)} of ${number(plan.known)} known products of site ${site} are not sold any more.`,
    }), {kind: 'danger'}),
    page.button(idOf('discard', plan.id), 'Keep them …', () => decide(plan, {
      title: 'Keep these products?', action: 'Keep', way: 'discard', said: 'The plan is discarded; its products stay.',
      text: 'The plan is forgotten and nothing is withdrawn. The next full sync asks again if it finds the same.',
    })));
  redraw(place, listed.map(plan => h('section', {class: 'card', 'data-plan': plan.id},
    h('h2', null, `${plural(plan.products, 'withdrawal')} of ${plural(plan.known, 'known product')} `, badge(plan.state)),
    h('p', {class: 'soft'}, `Found ${time(plan.created)}. So many at once stop and wait: a wrong filter or a broken read looks just like this.`),
    plan.state === 'held' && buttons(plan),
    table({
      caption: plan.next === null ? 'Products' : `The first ${number(WITHDRAWALS)} products`, rows: plan.withdrawals, empty: 'None any more.',
      columns: [{name: 'SKU', value: one => productLink(site, one.sku)}, {name: 'Reason', value: one => one.reason}],
    }))));
}

const describe = product => (product.changes.length > 0
  ? h('details', {id: idOf('diff', product.sku)}, h('summary', null, product.changes.map(change => change.field).slice(0, 4).join(', '),
    product.changes.length > 4 && ` and ${product.changes.length - 4} more`), changes(product.changes))
  : product.reasons.map(reason => reason.text).join(' ') || '–');

function openDiff(page, site, id, place) {
  let listed = [];
  let next = 0;
  let cut = false;
  const read = async () => {
    const run = await api.get(api.path`/v1/syncs/${id}`, page.signal);
    const answer = await api.get(api.path`/v1/syncs/${id}/plan` + api.query({after: next, limit: PAGE}), page.signal);
    listed = listed.concat(answer.plan);
    next = answer.next;
    cut = answer.cut;
    show(run);
  };
  const show = run => redraw(place, h('section', {class: 'card'},
    h('h2', null, 'Plan ', badge(run.state)),
    h('p', {class: 'soft'}, `Dry run of ${time(run.started)}: ${number(run.counts.rows)} rows would be sent, ${number(run.counts.unchanged)} `
      + `products are as Rithum knows them, ${number(run.counts.parked)} are parked. Nothing was sent.`),
    cut && h('p', {class: 'notice'}, 'The plan is longer than is kept; the command line prints all of it: product-sync plan.'),
    table({
      caption: 'Products that are not as Rithum knows them', rows: listed,
      empty: run.finished ? 'Everything is as Rithum knows it.' : 'Nothing so far; the dry run goes on.',
      columns: [
        {name: 'SKU', value: product => productLink(site, product.sku)},
        {name: 'Kind', value: product => words(product.kind)},
        {name: 'What', value: product => badge(product.state)},
        {name: 'Changes', value: describe},
      ],
    }),
    next !== null && h('p', null, h('button', {type: 'button', id: 'more', onclick: () => page.act(read)}, 'Show more'))));
  // From the start while it runs; then only on demand.
  page.follow(() => {
    [listed, next] = [[], 0];
    return read();
  }, (name, data) => name === 'run.ended' && data.id === id);
}

async function openDryRuns(page, site, place) {
  const {syncs} = await api.get('/v1/syncs' + api.query({site, limit: 100}), page.signal);
  redraw(place, h('section', {class: 'card'}, table({
    caption: 'Dry runs', rows: syncs.filter(run => run.dry_run),
    empty: 'No dry run yet. "Plan a sync" reads what a sync would send and shows it field by field; it sends nothing.',
    columns: [
      {name: 'Started', value: run => h('a', {href: `#/plan/${encodeURIComponent(site)}/${encodeURIComponent(run.id)}`}, time(run.started))},
      {name: 'Type', value: run => words(run.type)}, {name: 'State', value: run => badge(run.state)},
      {name: 'Rows', value: run => number(run.counts.rows), numeric: true},
    ],
  })));
}

export const plan = {
  name: 'plan',
  title: 'Plan',
  open(page) {
    page.body.className = 'stack';
    const [site = page.sites[0], id] = page.values;
    const [held, diff] = [h('div', {class: 'stack'}), h('div', {class: 'stack'})];
    const begin = type => page.act(async () => {
      const run = await api.post(api.path`/v1/sites/${site}/syncs`, {type, dry_run: true});
      location.hash = `#/plan/${encodeURIComponent(site)}/${encodeURIComponent(run.id)}`;
    });
    redraw(page.tools, siteSelect(page.sites, site, chosen => { location.hash = `#/plan/${encodeURIComponent(chosen)}`; }),
      page.button('plan-delta', 'Plan a delta sync', () => begin('delta')), page.button('plan-full', 'Plan a full sync', () => begin('full')));
    redraw(page.body, held, diff);
    const look = page.follow(async () => {
      await openWithdrawals(page, site, held, () => look());
      if (id === undefined) await openDryRuns(page, site, diff);
    }, name => name === 'run.ended');
    if (id !== undefined) openDiff(page, site, id, diff);
  },
};
