// One product: where it stands, its family, what Rithum was told, and its whole story.

import {h, redraw} from './html.js';
import * as api from './api.js';
import {capital, plural, time, words} from './format.js';
import {badge, productLink, tile, tiles} from './parts.js';
import {table} from './table.js';

function standing(page, site, product, retry) {
  return h('section', {class: 'card'}, h('h2', null, 'Where it stands'),
    tiles(tile('state', badge(product.state ?? 'unknown')), tile('product ID in Rithum', product.product_id ?? '–'),
      tile('kind', words(product.kind ?? '–')), tile('inventory ID', product.inventory_id ?? '–')),
    product.reason && h('p', null, product.reason), product.remedy && h('p', {class: 'notice'}, product.remedy),
    product.retry && h('p', {class: 'soft'}, `It is read again ${time(product.retry.next_attempt)}: ${product.retry.message}`),
    product.waiting_file && h('p', {class: 'soft'}, `Its row waits in the file ${product.waiting_file.name ?? product.waiting_file.id}.`),
    h('p', {class: 'soft'}, `Read ${time(product.read)}, sent ${time(product.sent)}, changed ${time(product.changed)}`),
    product.state === 'rejected' && h('p', null, page.button('retry', 'Send again', retry)));
}

// Parent above, itself, and what is below: variations of a parent, components of a kit.
function family(site, product) {
  const {parent, components = [], variations = [], bundles = []} = product;
  if (!parent && components.length + variations.length + bundles.length === 0) return null;
  const branch = (title, skus) => skus.length > 0 && h('li', null, `${title}:`,
    h('ul', null, skus.map(sku => h('li', null, productLink(site, sku)))));
  const itself = h('li', null, h('strong', {'aria-current': 'true'}, product.sku), ` (${words(product.kind)})`,
    h('ul', null, branch('Variations', variations), branch('Components', components), branch('Part of the kits', bundles)));
  return h('section', {class: 'card'}, h('h2', null, 'Family'), h('ul', {class: 'tree'},
    parent ? h('li', null, productLink(site, parent), ' (parent)', h('ul', null, itself)) : itself));
}

export function changes(all) {
  return table({
    caption: plural(all.length, 'change'), rows: all, empty: '',
    columns: [
      {name: 'Field', value: change => change.field},
      {name: 'Before', value: change => (change.before ? h('span', {class: 'before'}, change.before) : '–')},
      {name: 'After', value: change => (change.after ? h('span', {class: 'after'}, change.after) : 'cleared')},
    ],
  });
}

function step(one, i) {
  const many = one.times > 1 ? ` (${one.times} times, last ${time(one.until)})` : '';
  const fold = (name, contents) => h('details', {id: `${name}-${i}`}, h('summary', null, capital(name)), contents);
  return h('li', null,
    h('p', {class: 'soft'}, `${time(one.at)} · ${words(one.kind)}`, one.run && [' · ',
      h('a', {href: `#/product-sync/${encodeURIComponent(one.run)}`}, 'its sync')]),
    h('p', null, one.text, many),
    one.changes?.length > 0 && fold('changes', changes(one.changes)),
    one.row && fold('row', table({
      caption: 'As it was sent', rows: one.row, empty: '',
      columns: [{name: 'Column', value: cell => cell.column}, {name: 'Text', value: cell => h('pre', null, cell.text)}],
    })));
}

function told(values) {
  return h('section', {class: 'card'}, table({
    caption: 'What Rithum was told', rows: Object.entries(values ?? {}), empty: 'Rithum has not been told of it yet.',
    columns: [{name: 'Column', value: ([name]) => name}, {name: 'Value', value: ([, value]) => h('pre', null, value)}],
  }));
}

export function openProduct(page, site, sku) {
  const address = api.path`/v1/sites/${site}/products/${sku}`;
  page.heading.textContent = sku;
  redraw(page.tools, h('a', {href: `#/catalog/${encodeURIComponent(site)}`}, `All products of site ${site}`));
  const retry = () => page.act(() => api.post(`${address}/retry`), 'It is read and sent again.').then(() => look());
  const look = page.follow(async () => {
    let product;
    try {
      product = await api.get(address, page.signal);
    } catch (problem) {
      if (problem.status === 404) redraw(page.body);
      throw problem;
    }
    redraw(page.body, standing(page, site, product, retry), family(site, product),
      h('section', {class: 'card'}, h('h2', null, 'Its story'), product.story.length === 0
        ? h('p', {class: 'empty'}, 'Nothing of its past is kept.') : h('ol', {class: 'story', reversed: true}, product.story.map(step).reverse())),
      told(product.values));
  }, name => name === 'file.delivered' || name === 'run.ended');
}
