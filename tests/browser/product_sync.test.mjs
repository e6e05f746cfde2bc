// The screen Product Sync: start, live progress, Processing Completed, cancel, and what is refused.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Browser, open, picture} from './browser.mjs';
import {Installation, OPERATOR} from './installation.mjs';

let installation;
let browser;
before(async () => {
  installation = await Installation.start({items: 200});
  browser = await Browser.start(installation);
});
after(async () => {
  await browser?.stop();
  await installation?.stop();
});

async function process(page, {type, sites, dryRun = false}) {
  await page.getByRole('radio', {name: type}).check();
  for (const site of ['eu', 'us']) await page.getByRole('checkbox', {name: site}).setChecked(sites.includes(site));
  await page.getByRole('checkbox', {name: 'Dry run'}).setChecked(dryRun);
  await page.getByRole('button', {name: 'Process'}).click();
}

const numberOf = async tile => Number((await tile.textContent()).replaceAll(',', ''));
const count = (page, name) => page.locator('.run .tile', {has: page.getByText(name, {exact: true})}).locator('dd');

test('a full sync of a site is watched as it goes and ends with Processing Completed, counts and links', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'product-sync');
  await installation.control('behaviour', {latency_ms: 400});
  await process(page, {type: 'Full', sites: ['eu']});
  await page.getByRole('heading', {name: 'Processing: site eu'}).waitFor();
  await page.getByRole('progressbar', {name: 'Sync of site eu'}).waitFor();
  // It grows while the page is left alone.
  await page.waitForFunction(() => {
    const tile = [...document.querySelectorAll('.run .tile')].find(each => each.querySelector('dt').textContent === 'read');
    window.seen = new Set([...(window.seen ?? []), tile?.querySelector('dd').textContent]);
    return window.seen.size >= 3;
  });
  await picture(page, 'product-sync-running');
  await installation.control('behaviour', {latency_ms: 0});
  await page.getByRole('heading', {name: 'Processing Completed: site eu'}).waitFor();
  const [run] = (await installation.api('/v1/syncs?site=eu')).syncs;
  assert.equal(await numberOf(count(page, 'read')), run.counts.read);
  assert.equal(await numberOf(count(page, 'rows')), run.counts.rows);
  await picture(page, 'product-sync-completed');
  await page.getByRole('link', {name: 'Parked products and why'}).click();
  await page.getByRole('heading', {name: 'Catalog'}).waitFor();
  assert.deepEqual(page.troubles, []);
});

test('both sites are synced at once, and a dry run leads to its plan', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'product-sync');
  await process(page, {type: 'Full', sites: ['eu', 'us'], dryRun: true});
  for (const site of ['eu', 'us']) await page.getByRole('heading', {name: `Processing Completed: site ${site}`}).waitFor();
  await page.locator('.run', {hasText: 'site us'}).getByRole('link', {name: 'Look at the plan'}).click();
  await page.getByRole('heading', {name: 'Plan', exact: true}).waitFor();
  await page.getByText('Products that are not as Rithum knows them').waitFor();
});

test('a custom sync takes a range in the zone that was chosen', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'product-sync');
  await page.getByRole('radio', {name: 'Custom'}).check();
  await page.getByLabel('From').fill('2026-07-01T08:00');
  await page.getByLabel('To (empty: now)').fill('2026-12-01T08:00');
  await page.getByLabel('Time zone').selectOption('America/New_York');
  await page.getByRole('checkbox', {name: 'us'}).check();
  await page.getByRole('button', {name: 'Process'}).click();
  await page.getByRole('heading', {name: 'Processing Completed: site us'}).waitFor();
  const run = (await installation.api('/v1/syncs?site=us')).syncs.find(each => each.type === 'custom');
  assert.equal(run.from, '2026-07-01T12:00:00Z');  // in summer four hours behind, in winter five
  assert.equal(run.to, '2026-12-01T13:00:00Z');
});

test('a sync is cancelled, and a second one of its type is refused while it runs', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'product-sync');
  await installation.control('behaviour', {latency_ms: 2000});
  await process(page, {type: 'Full', sites: ['us']});
  await page.getByRole('heading', {name: 'Processing: site us'}).waitFor();
  await page.getByRole('button', {name: 'Process'}).click();
  await page.getByRole('alert').getByText('Site us:').waitFor();
  await page.getByRole('button', {name: 'Cancel'}).click();
  await installation.control('behaviour', {latency_ms: 0});
  await page.getByRole('heading', {name: 'Processing cancelled: site us'}).waitFor();
});

test('a range that ends before it begins, and no site at all, are explained', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'product-sync');
  await page.getByRole('button', {name: 'Process'}).click();
  await page.getByRole('alert').getByText('Choose at least one site.').waitFor();
  await page.getByRole('radio', {name: 'Custom'}).check();
  await page.getByRole('checkbox', {name: 'eu'}).check();
  await page.getByRole('button', {name: 'Process'}).click();
  await page.getByRole('alert').getByText('Site eu:').waitFor();
});
