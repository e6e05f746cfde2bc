// Headless Chromium on the dashboard of an installation.

import assert from 'node:assert/strict';
import {mkdir, readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

const LONGEST_WAIT = 90000;  // milliseconds: for machines that are busy with other tests
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const SIZES = {narrow: {width: 360, height: 740}, wide: {width: 1920, height: 1080}};
export const THEMES = ['light', 'dark'];

export class Browser {
  static async start(installation) {
    const browser = new Browser();
    browser.installation = installation;
    // Of the tests' machine, where there are no strangers; a container's root could not have the sandbox.
    browser.chromium = await chromium.launch({executablePath: process.env.CHROMIUM, chromiumSandbox: false});
    return browser;
  }

  // A page of somebody's own browser. What goes wrong in it is kept: messages of the console, and requests to elsewhere.
  async page({size = 'wide', theme = 'light', zone = 'Europe/Berlin'} = {}) {
    const context = await this.chromium.newContext({viewport: SIZES[size], colorScheme: theme, timezoneId: zone, locale: 'en-GB',
      baseURL: this.installation.url, reducedMotion: 'reduce'});
    const page = await context.newPage();
    page.setDefaultTimeout(LONGEST_WAIT);
    page.troubles = [];
    page.on('pageerror', error => page.troubles.push(String(error)));
    page.on('console', message => {
      const refused = message.text().startsWith('Failed to load resource');  // an answer such as 401, or none
      if (message.type() === 'error' && !refused) page.troubles.push(message.text());
    });
    page.on('request', request => {
      if (!request.url().startsWith(this.installation.url)) page.troubles.push(`request to ${request.url()}`);
    });
    return page;
  }

  async signedIn(who, options) {
    const page = await this.page(options);
    await page.goto('/');
    await page.getByLabel('User', {exact: true}).fill(who.user);
    await page.getByLabel('Password').fill(who.password);
    await page.getByRole('button', {name: 'Sign in', exact: true}).click();
    await page.getByRole('button', {name: 'Sign out'}).waitFor();
    return page;
  }

  stop() { return this.chromium.close(); }
}

export async function open(page, screen) {
  await page.goto(`/#/${screen}`);
  await page.getByText('Loading …').waitFor({state: 'detached'});
}

// Nothing that axe holds to be serious or critical, nothing wider than the screen, and no trouble in the console.
export async function assertSound(page, what) {
  await page.evaluate(axe);
  const {violations} = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
  const grave = violations.filter(({impact}) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(grave.map(({id, nodes}) => `${id}: ${nodes.map(node => node.html).join(' | ')}`), [], `${what}: accessibility`);
  const {content, screen} = await page.evaluate(() => ({content: document.documentElement.scrollWidth, screen: innerWidth}));
  assert.ok(content <= screen, `${what}: ${content} pixels wide on a screen of ${screen}`);
  assert.deepEqual(page.troubles, [], `${what}: console`);
}

export async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  await mkdir(folder, {recursive: true});
  await page.screenshot({path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled'});
}
