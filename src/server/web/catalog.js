// Catalog: all products with kind, state, reason and product ID; and the story of one.

import {h, redraw} from './html.js';
import * as api from './api.js';
import {capital, time, words} from './format.js';
import {badge, productLink, siteSelect} from './parts.js';
import {openProduct} from './product.js';
import {table} from './table.js';

const KINDS = [['', 'All'], ['item', 'Items'], ['kit', 'Kits'], ['parent', 'Configurable'], ['child', 'Variations']];
const STATES = ['pending', 'sent', 'confirmed', 'rejected', 'overdue', 'parked', 'not_exported', 'withdrawn'];
const PAGE = 50;
const TYPING = 300;  // milliseconds after the last key

const columns = site => [
  {name: 'SKU', value: product => productLink(site, product.sku)},
  {name: 'Kind', value: product => words(product.kind)},
  {name: 'State', value: product => badge(product.state)},
  {name: 'Reason', value: product => product.reason ?? '–'},
  {name: 'Product ID', value: product => product.product_id ?? '–'},
  {name: 'Parent', value: product => (product.parent ? productLink(site, product.parent) : '–')},
  {name: 'Changed', value: product => time(product.changed)},
];

function openList(page, site) {
  page.body.className = 'stack';
  const filter = {kind: page.parameters.kind ?? '', state: page.parameters.state ?? '', search: page.parameters.search ?? ''};
  const list = h('div', {class: 'card'});
  let products = [];
  let next = null;
  let latest = 0;

  const show = () => redraw(list, table({
    caption: 'Products', rows: products, columns: columns(site),
    empty: filter.kind || filter.state || filter.search ? 'No product is like that. Choose another kind or state, or search for less.'
      : 'No product has been read yet. Start a full sync on the screen Product Sync.',
  }), next !== null && h('p', null, h('button', {type: 'button', id: 'more', onclick: () => page.act(more)}, 'Show more')));
  const read = after => api.get(api.path`/v1/sites/${site}/products` + api.query({...filter, limit: PAGE, after}), page.signal);
  const more = async () => {
    const answer = await read(next);
    products = products.concat(answer.products);
    next = answer.next;
    show();
  };
  const look = async () => {
    const mine = ++latest;
    const answer = await read();
    if (mine !== latest) return;  // a later search was asked for
    ({products, next} = answer);
    show();
  };
  // The address says what is shown, so that it can be kept and sent to others.
  const change = name => event => {
    filter[name] = event.target.value;
    history.replaceState(null, '', `#/catalog/${encodeURIComponent(site)}${api.query(filter)}`);
    page.act(look);
  };
  let typing = 0;
  const search = event => {
    clearTimeout(typing);
    typing = setTimeout(() => change('search')(event), TYPING);
  };
  redraw(page.tools, siteSelect(page.sites, site, chosen => { location.hash = `#/catalog/${encodeURIComponent(chosen)}${api.query(filter)}`; }),
    h('label', {class: 'field'}, 'Kind', h('select', {id: 'kind', onchange: change('kind')}, KINDS.map(([kind, name]) =>
      h('option', {value: kind, selected: kind === filter.kind}, name)))),
    h('label', {class: 'field'}, 'State', h('select', {id: 'state', onchange: change('state')}, h('option', {value: ''}, 'All'),
      STATES.map(state => h('option', {value: state, selected: state === filter.state}, capital(words(state)))))),
    h('label', {class: 'field'}, 'SKU or inventory ID', h('input', {id: 'search', type: 'search', value: filter.search, oninput: search})));
  redraw(page.body, list);
  page.follow(() => (products.length > PAGE ? undefined : look()),  // whoever reads on is left in peace
    name => name === 'file.delivered' || name === 'run.ended');
}

export const catalog = {
  name: 'catalog',
  title: 'Catalog',
  open(page) {
    const [site = page.sites[0], sku] = page.values;
    return sku === undefined ? openList(page, site) : openProduct(page, site, sku);
  },
};
