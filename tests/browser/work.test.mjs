// Overview, Schedules, Catalog, Notifications and Plan at work: each shows what is so, changes with it, and does what it offers.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Browser, open, picture} from './browser.mjs';
import {Installation, OPERATOR, eventually} from './installation.mjs';

let installation;
let browser;
let products;
before(async () => {
  installation = await Installation.start({items: 80});
  await installation.sync({type: 'full'});
  await installation.settle();
  products = (await installation.api('/v1/sites/eu/products?limit=1000')).products;
  browser = await Browser.start(installation);
});
after(async () => {
  await browser?.stop();
  await installation?.stop();
});

const tile = (page, name) => page.locator('section', {has: page.getByRole('heading', {name: 'Site eu'})})
  .locator('.tile', {has: page.getByText(name, {exact: true})}).locator('dd');

test('the overview shows counts, plots and the last syncs, and follows a change by itself', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'overview');
  const confirmed = products.filter(one => one.state === 'confirmed').length;
  assert.equal(await tile(page, 'confirmed products').textContent(), String(confirmed));
  const plot = page.getByRole('img', {name: /Rows delivered an hour/}).first();
  assert.match(await plot.getAttribute('aria-label'), /\d+ in the last 24 hours/);
  await page.getByRole('link', {name: 'full'}).first().waitFor();
  await installation.control('change', {keys: [products.find(one => one.state === 'confirmed').inventory_id]});
  await page.getByRole('link', {name: 'push'}).first().waitFor();
  await page.getByText('up to date').first().waitFor();
  assert.deepEqual(page.troubles, []);
});

test('a schedule is switched on and off and shows its next start, and another is started now', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'schedules');
  const row = page.getByRole('row', {name: /^full/}).first();
  await row.getByRole('switch').check();
  await page.getByText('eu: full is on now.').waitFor();
  await row.getByText(/02:00:00|03:00:00|04:00:00/).waitFor();
  const [full] = (await installation.api('/v1/sites/eu/schedules')).schedules;
  assert.equal(full.active, true);
  await row.getByRole('switch').uncheck();
  await page.getByText('eu: full is off now.').waitFor();
  await page.getByRole('row', {name: /^delta/}).first().getByRole('button', {name: 'Run now'}).click();
  await page.getByText('eu: delta has been started.').waitFor();
  await page.getByRole('row', {name: /^delta/}).first().getByText(/succeeded|partial/).waitFor();
});

test('the catalog is searched, narrowed by kind and state, and tells the story and the family of a product', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'catalog/eu');
  await page.getByLabel('Kind').selectOption('kit');
  await page.getByLabel('State').selectOption('parked');
  const kits = products.filter(one => one.kind === 'kit' && one.state === 'parked');
  await page.waitForFunction(count => document.querySelectorAll('tbody tr').length === count, kits.length);
  assert.match(page.url(), /kind=kit&state=parked/);
  await page.getByLabel('Kind').selectOption('');
  await page.getByLabel('State').selectOption('');
  const sold = products.find(one => one.kind === 'item' && one.state === 'confirmed');
  await page.getByLabel('SKU or inventory ID').fill(sold.sku.toLowerCase());
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await page.getByRole('cell', {name: sold.product_id}).waitFor();
  await page.getByRole('link', {name: sold.sku}).click();
  await page.getByRole('heading', {name: sold.sku}).waitFor();
  await page.getByText('Read from Acumatica').first().waitFor();
  await page.getByText('What Rithum was told').waitFor();
  await picture(page, 'product-item');

  const child = products.find(one => one.kind === 'child');
  await open(page, `catalog/eu/${encodeURIComponent(child.parent)}`);
  await page.getByRole('heading', {name: 'Family'}).waitFor();
  await page.getByRole('link', {name: child.sku}).click();
  await page.getByRole('heading', {name: child.sku}).waitFor();
  await page.getByRole('link', {name: child.parent, exact: true}).waitFor();
});

test('a product that is not there is said so, and a page of many goes on', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'catalog/eu/NO-SUCH-THING');
  await page.getByRole('alert').getByText('knows no product').waitFor();
  await open(page, 'catalog/eu');
  await page.getByRole('button', {name: 'Show more'}).click();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 50);
});

test('notifications are listed as they come, broken ones in quarantine, and a range of time is replayed', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'notifications/eu');
  const key = products.find(one => one.state === 'confirmed').inventory_id;
  await installation.control('change', {keys: [key]});
  await page.getByRole('link', {name: key}).first().waitFor();
  const before = (await installation.api('/v1/sites/eu/notifications')).quarantined;
  await fetch(`${installation.url}/v1/sites/eu/notifications`, {method: 'POST', body: 'not a notification',
    headers: {'X-Product-Sync-Secret': 'browser-push-secret'}});
  await eventually('the quarantine', async () => (await installation.api('/v1/sites/eu/notifications')).quarantined === before + 1);
  await open(page, 'overview');
  await open(page, 'notifications/eu');
  await page.getByText('18 characters').waitFor();
  await installation.settle();
  const runs = (await installation.api('/v1/syncs?site=eu')).syncs.length;
  await page.getByLabel('Received from').fill('2020-01-01T00:00');
  await page.getByLabel('to', {exact: true}).fill('2099-01-01T00:00');
  await page.getByRole('button', {name: 'Replay'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Replay'}).click();
  await page.getByText(/notifications? waits? again/).waitFor();
  await eventually('the sync of what was replayed', async () => (await installation.api('/v1/syncs?site=eu')).syncs.length > runs);
  assert.deepEqual(page.troubles, []);
});

test('a dry run is shown field by field', async () => {
  const page = await browser.signedIn(OPERATOR);
  const one = products.find(each => each.kind === 'item' && each.state === 'confirmed');
  await installation.control('change', {keys: [one.inventory_id], set: {Description: 'A new title for the plan'}, notify: false});
  await open(page, 'plan/eu');
  await page.getByRole('button', {name: 'Plan a full sync'}).click();
  await page.getByText('Products that are not as Rithum knows them').waitFor();
  await page.getByRole('row', {name: new RegExp(`^${one.sku}`)}).getByText('Auction Title').first().click();
  await page.getByText('A new title for the plan').waitFor();
  await picture(page, 'plan-diff-open');
});

test('a mass removal waits until an operator has looked at it and confirmed', async () => {
  const page = await browser.signedIn(OPERATOR);
  const sold = products.filter(one => one.kind === 'item' && one.state === 'confirmed').map(one => one.inventory_id);
  await installation.control('change', {keys: sold, set: {custom: {'ItemSettings.UsrActiveOnRithum': false}}, notify: false});
  await installation.sync({type: 'full'});
  await open(page, 'overview');
  await page.getByText(/withdrawals of .* wait for an operator/).waitFor();
  await page.getByRole('link', {name: 'Look at them'}).click();
  await page.getByRole('button', {name: /^Withdraw \d+ products/}).click();
  await picture(page, 'plan-withdrawals');
  await page.getByRole('dialog').getByRole('button', {name: 'Back'}).click();
  assert.equal((await installation.api('/v1/sites/eu/withdrawals')).plans[0].state, 'held');
  await page.getByRole('button', {name: /^Withdraw \d+ products/}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Withdraw'}).click();
  await page.getByText('The withdrawals are confirmed').waitFor();
  await eventually('the withdrawal', async () => {
    const {products: now} = await installation.api('/v1/sites/eu/products?state=withdrawn&limit=1000');
    return now.length >= sold.length;
  });
});
