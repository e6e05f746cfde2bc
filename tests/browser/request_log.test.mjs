// The request log: listed, narrowed, exported, and one exchange with its bodies.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Browser, open} from './browser.mjs';
import {Installation, OPERATOR, eventually} from './installation.mjs';

let installation;
let browser;
before(async () => {
  installation = await Installation.start({items: 20, requestLog: 'bodies'});
  await installation.sync({type: 'full'});
  await installation.settle();
  await eventually('the record of the delivery', async () =>
    (await installation.api('/v1/requests?peer=destination&method=put')).requests.length > 0);
  browser = await Browser.start(installation);
});
after(async () => {
  await browser?.stop();
  await installation?.stop();
});

test('exchanges are listed, and narrowed by what the address then says', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'request-log');
  await page.getByLabel('With').selectOption('destination');
  await page.getByRole('row', {name: /put/}).first().waitFor();
  assert.equal(await page.getByRole('row', {name: /acumatica/}).count(), 0);
  assert.match(page.url(), /peer=destination/);
  await page.reload();
  await page.getByRole('row', {name: /put/}).first().waitFor();
  assert.equal(await page.getByLabel('With').inputValue(), 'destination');
  await page.getByLabel('Outcome').selectOption('true');
  await page.getByText('No exchange is like that. Ask for less.').waitFor();
  assert.match(await page.getByRole('link', {name: 'CSV'}).getAttribute('href'), /^\/v1\/requests\.csv\?.*failed=true/);
  assert.deepEqual(page.troubles, []);
});

test('one exchange is shown with its bodies, and with no secret', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'request-log');
  await page.getByLabel('Text').fill('/identity/connect/token');
  await page.getByRole('row', {name: /identity\/connect\/token/}).first().getByRole('link').first().click();
  await page.getByRole('heading', {name: 'Sent'}).waitFor();
  const text = await page.locator('main').textContent();
  assert.match(text, /grant_type=password/);
  assert.match(text, /password=\*\*\*/);
  assert.match(text, /"access_token":"\*\*\*"/);
  assert.deepEqual(page.troubles, []);
});

test('a status that cannot be read is explained on the screen', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'request-log');
  await page.getByLabel('Status, such as 4xx').fill('abc');
  await page.getByRole('alert').getByText(/"abc" is not a status/).waitFor();
});
