// Pieces that several screens show.

import {h} from './html.js';
import {number, words} from './format.js';

const TONES = {
  confirmed: 'good', succeeded: 'good', delivered: 'good', on: 'good', completed: 'good',
  sent: 'busy', pending: 'busy', running: 'busy', waiting: 'busy', recording: 'busy', update: 'busy', add: 'busy',
  partial: 'warn', overdue: 'warn', parked: 'warn', held: 'warn', cancelled: 'warn', interrupted: 'warn', dropped: 'warn',
  rejected: 'bad', failed: 'bad',
};

export const badge = state => h('span', {class: `badge ${TONES[state] ?? 'idle'}`}, words(state));

export const tile = (label, value, {href, tone} = {}) => h('div', {class: `tile ${tone ?? ''}`},
  h('dt', null, href ? h('a', {href}, label) : label), h('dd', null, value));

export const tiles = (...each) => h('dl', {class: 'tiles'}, each);

// Counts of a run, those that are not zero.
export function counts(run) {
  const shown = Object.entries(run.counts).filter(([name, count]) => count > 0 || name === 'read' || name === 'rows');
  return shown.map(([name, count]) => `${number(count)} ${words(name)}`).join(', ');
}

export const runLink = run => h('a', {href: `#/product-sync/${encodeURIComponent(run.id)}`}, words(run.type));

export const productLink = (site, sku) =>
  h('a', {href: `#/catalog/${encodeURIComponent(site)}/${encodeURIComponent(sku)}`}, sku);

export function problemBox(problem) {
  return h('div', {class: 'problem', role: 'alert'},
    h('strong', null, problem.message), problem.detail && h('span', null, ' ', problem.detail));
}

// One of several sites, by a select; nothing to choose when there is one.
export function siteSelect(sites, chosen, change) {
  if (sites.length < 2) return null;
  return h('label', {class: 'field'}, 'Site',
    h('select', {id: 'site', onchange: event => change(event.target.value)},
      sites.map(site => h('option', {value: site, selected: site === chosen}, site))));
}

// Asks; resolves to whether the person agreed.
export function confirmed({title, text, action}) {
  return new Promise(resolve => {
    const close = answer => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = h('dialog', {'aria-labelledby': 'dialog-title', oncancel: () => close(false)},
      h('h2', {id: 'dialog-title'}, title), h('p', null, text),
      h('div', {class: 'row'},
        h('button', {type: 'button', id: 'dialog-no', autofocus: true, onclick: () => close(false)}, 'Back'),
        h('button', {type: 'button', id: 'dialog-yes', class: 'danger', onclick: () => close(true)}, action)));
    document.body.append(dialog);
    dialog.showModal();
  });
}
