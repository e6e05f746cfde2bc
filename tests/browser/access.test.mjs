// Signing in and out, both roles, and what the dashboard shows when the server refuses or is gone.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, test} from 'node:test';
import {Browser, open} from './browser.mjs';
import {Installation, OPERATOR, VIEWER} from './installation.mjs';

let installation;
let browser;
before(async () => {
  installation = await Installation.start({items: 20});
  browser = await Browser.start(installation);
});
after(async () => {
  await browser?.stop();
  await installation?.stop();
});

test('a wrong password is refused with a word on it, the right one leads to the screen that the address names', async () => {
  const page = await browser.page();
  await page.goto('/#/schedules');
  await page.getByLabel('User', {exact: true}).fill(OPERATOR.user);
  await page.getByLabel('Password').fill('guess');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('User or password is wrong.').waitFor();
  await page.getByLabel('Password').fill(OPERATOR.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'Schedules'}).waitFor();
  await page.getByText('anna, operator').waitFor();
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  assert.deepEqual(page.troubles, []);
});

test('a token signs in too', async () => {
  const page = await browser.page();
  await page.goto('/');
  await page.getByText('With a token instead').click();
  await page.getByLabel('Token').fill('operator-token');
  await page.getByRole('button', {name: 'Sign in with a token'}).click();
  await page.getByRole('heading', {name: 'Overview'}).waitFor();
});

test('signing out ends the session, for other tabs as well', async () => {
  const page = await browser.signedIn(OPERATOR);
  const other = await page.context().newPage();
  await other.goto('/#/catalog/eu');
  await other.getByRole('heading', {name: 'Catalog'}).waitFor();
  await page.getByRole('button', {name: 'Sign out'}).click();
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await other.getByLabel('Kind').selectOption('kit');
  await other.getByRole('heading', {name: 'Sign in'}).waitFor();
});

test('a viewer sees every screen and can start nothing, not even past the buttons', async () => {
  const page = await browser.signedIn(VIEWER);
  await open(page, 'product-sync');
  assert.equal(await page.getByRole('button', {name: 'Process'}).isDisabled(), true);
  await open(page, 'schedules');
  for (const button of await page.getByRole('button', {name: 'Run now'}).all()) assert.equal(await button.isDisabled(), true);
  for (const box of await page.getByRole('switch').all()) assert.equal(await box.isDisabled(), true);
  await open(page, 'notifications/eu');
  assert.equal(await page.getByRole('button', {name: 'Replay'}).isDisabled(), true);
  await open(page, 'plan/eu');
  assert.equal(await page.getByRole('button', {name: 'Plan a full sync'}).isDisabled(), true);
  const refused = await page.evaluate(async () => {
    const reply = await fetch('/v1/sites/eu/syncs', {method: 'POST', body: '{"type":"full"}'});
    return {status: reply.status, body: await reply.json()};
  });
  assert.equal(refused.status, 403);
  assert.match(refused.body.title, /role operator/);
});

test('what the server refuses is shown on the screen: a viewer whose button was let through reads the reason', async () => {
  const page = await browser.signedIn(VIEWER);
  await open(page, 'product-sync');
  await page.evaluate(() => { document.getElementById('process').disabled = false; });
  await page.getByRole('checkbox', {name: 'eu'}).check();
  await page.getByRole('button', {name: 'Process'}).click();
  await page.getByRole('alert').getByText('This needs the role operator').waitFor();
});

test('hash-password prints what the configuration takes, and refuses what is too short', () => {
  const hash = password => spawnSync(process.env.PRODUCT_SYNC, ['hash-password'], {input: `${password}\n`, encoding: 'utf8'});
  assert.match(hash('correct horse').stdout, /^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}\n$/);
  assert.notEqual(hash('correct horse').stdout, hash('correct horse').stdout);
  const short = hash('horse');
  assert.equal(short.status, 2);
  assert.equal(short.stdout, '');
});

test('the page forbids scripts, styles and frames from elsewhere', async () => {
  const {headers} = await fetch(installation.url);
  const policy = headers.get('content-security-policy');
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
    assert.ok(policy.includes(part), part);
  }
  assert.ok(!policy.includes('unsafe'));
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});

test('a server that goes away is told of, and when it is back people sign in again', async () => {
  const page = await browser.signedIn(OPERATOR);
  await open(page, 'overview');
  await installation.stopService();
  await page.getByRole('alert').getByText('The connection to Product Sync is lost').waitFor();
  await open(page, 'schedules').catch(() => {});
  await page.getByText('Product Sync does not answer.').waitFor();
  await installation.serve();
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();  // sessions do not outlive the process
});

test('everything is reached by keyboard: the skip link, the navigation, and a switch', async () => {
  const page = await browser.signedIn(OPERATOR);
  await page.reload();
  await page.getByRole('heading', {name: 'Site us'}).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await page.locator('#to-schedules').focus();
  await page.keyboard.press('Enter');
  const active = page.getByRole('switch', {name: 'delta of us'});
  await active.focus();
  await page.keyboard.press('Space');
  await page.getByText('us: delta is on now.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'delta of us');
});
