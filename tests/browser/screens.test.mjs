// Each screen, in both themes and at both widths: nothing that axe holds to be serious, nothing wider than the screen, no
// request to elsewhere; and a picture of each, to be looked at.

import {after, before, test} from 'node:test';
import {Browser, SIZES, THEMES, assertSound, open, picture} from './browser.mjs';
import {Installation, OPERATOR, VIEWER, eventually} from './installation.mjs';

let installation;
let browser;
before(async () => {
  installation = await Installation.start();
  const run = await installation.sync({type: 'full'});
  await installation.sync({type: 'full', dry_run: true}, 'us');
  await installation.settle();
  await installation.control('notify', {broken: true});
  await installation.control('change', {count: 3, seed: 1});
  await eventually('the arrival of the notifications', async () => (await installation.api('/v1/sites/eu/notifications')).stored > 0);
  await installation.settle();
  const {products} = await installation.api('/v1/sites/eu/products?limit=1000');
  const child = products.find(one => one.kind === 'child' && one.state === 'confirmed') ?? products[0];
  const dry = (await installation.api('/v1/syncs?site=us')).syncs.find(one => one.dry_run);
  screens.product = `catalog/eu/${encodeURIComponent(child.parent ?? child.sku)}`;
  screens.sync = `product-sync/${run.id}`;
  screens.diff = `plan/us/${dry.id}`;
  browser = await Browser.start(installation);
});
after(async () => {
  await browser?.stop();
  await installation?.stop();
});

const screens = {overview: 'overview', 'product-sync': 'product-sync', schedules: 'schedules', catalog: 'catalog/eu',
  notifications: 'notifications/eu', plan: 'plan/us', 'request-log': 'request-log', exchange: 'request-log/1', product: '', sync: '', diff: ''};

for (const size of Object.keys(SIZES)) {
  for (const theme of THEMES) {
    test(`the page for signing in is sound, ${size} and ${theme}`, async () => {
      const page = await browser.page({size, theme});
      await page.goto('/');
      await page.getByLabel('User', {exact: true}).waitFor();
      await page.getByText('With a token instead').click();
      await assertSound(page, 'sign-in');
      await picture(page, `sign-in-${size}-${theme}`);
      await page.context().close();
    });

    test(`every screen is sound, ${size} and ${theme}`, async () => {
      const page = await browser.signedIn(theme === 'light' ? OPERATOR : VIEWER, {size, theme});
      for (const [name, address] of Object.entries(screens)) {
        await open(page, address);
        await assertSound(page, name);
        await picture(page, `${name}-${size}-${theme}`);
      }
      await page.context().close();
    });
  }
}
