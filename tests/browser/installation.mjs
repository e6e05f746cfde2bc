// The whole product as a merchant has it: simulated Acumatica and Rithum, and product-sync with two sites between them, as
// processes of their own. The site eu has Rithum's interface; us has only a directory.

import {spawn} from 'node:child_process';
import {mkdtemp, mkdir, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const LONGEST_WAIT = 120000;  // milliseconds: for machines that are busy with other tests
const LOOK = 50;
const SECRET = 'browser-push-secret';

export const OPERATOR = {user: 'anna', password: 'password', role: 'operator'};
export const VIEWER = {user: 'vic', password: 'password', role: 'viewer'};
// scrypt of "password", cheap to compare
const HASH = '$scrypt$ln=10,r=8,p=16$TmFDbE5hQ2xOYUNsTmFDbA$ruflYSr7JKwcyP4taFgPBJI7nqmwRVvjonthQb2MSCI';

export async function eventually(what, condition) {
  const deadline = Date.now() + LONGEST_WAIT;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${LONGEST_WAIT / 1000} s`);
    await new Promise(resolve => setTimeout(resolve, LOOK));
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

// A process of the installation; ended by stop().
class Process {
  constructor(command, args) {
    this.output = '';
    this.child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe']});
    this.ended = new Promise(resolve => this.child.on('exit', resolve));
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', data => { this.output = (this.output + data).slice(-100000); });
    this.child.on('error', error => { this.output += error.message; });
  }

  address() {
    return eventually('the start of a simulator', () => this.output.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0]);
  }

  async stop() {
    this.child.kill();
    await this.ended;
  }
}

const VARIANTS = ['COLOR', 'MATERIAL', 'SHADE', 'SIZE'];  // attributes that the simulated templates vary by

// A relationship for each set of attributes that templates vary by, as the configuration has it.
async function relationshipsOf(acumatica) {
  const form = new URLSearchParams({grant_type: 'password', client_id: 'product-sync@MyTenant', client_secret: 'client-secret',
    username: 'admin', password: 'secret', scope: 'api'});
  const {access_token: token} = await (await fetch(`${acumatica}/identity/connect/token`, {method: 'POST', body: form})).json();
  const list = await fetch(`${acumatica}/entity/Default/24.200.001/TemplateItems?$expand=Attributes`, {headers: {Authorization: `Bearer ${token}`}});
  const relationships = {};
  for (const template of await list.json()) {
    const varied = template.Attributes.map(row => row.AttributeID.value).filter(id => VARIANTS.includes(id));
    const one = relationships[varied.join('-')] ??= {attributes: Object.fromEntries(varied.map(id => [id, `attribute:${id}.label`])), templates: []};
    one.templates.push(template.InventoryID.value.trim());
  }
  return relationships;
}

function site(name, {acumatica, inbox, relationships, requestLog, more}) {
  return `  ${name}:
    acumatica:
      url: ${acumatica}
      tenant: MyTenant
      oauth: {client_id: product-sync@MyTenant, client_secret: "client-secret", grant: password, user: admin, password: "secret"}
      licence: {requests_per_minute: 60000, share_percent: 100}
      page_size: 20
    request_log: ${requestLog}
    notifications: {secrets: ["${SECRET}"], key_columns: [InventoryID, KitInventoryID], debounce: 100ms, longest_wait: 1s}
    mapping:
      classifications: {ELEC: Electronics, TOYS: Toys, GADGET: Gadgets}
      active_on_rithum: custom:ItemSettings.UsrActiveOnRithum
      columns:
        Auction Title: field:Description
        Buy It Now Price: field:DefaultPrice
        Description: field:Content
        UPC: cross_reference:Barcode
      attributes: {Brand Name: attribute:BRAND.label}
      non_stock_items: true
      variations: {relationships: ${JSON.stringify(relationships)}}
      bundles: {revision: newest, non_stock_components: ignored}
    withdrawals: {policy: [quantity_zero], guard: {always_allowed: 2, most: 5, most_percent: 5}}
    feed: {mode_prefix: CA${name}}
    destination: {directory: {path: ${inbox}}}
${more}`;
}

export class Installation {
  static async start({items = 60, requestLog = 'all'} = {}) {
    const installation = new Installation();
    await installation.begin(items, requestLog);
    return installation;
  }

  async begin(items, requestLog) {
    this.home = await mkdtemp(join(tmpdir(), 'product-sync-browser-'));
    this.port = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const places = Object.fromEntries(['eu', 'us'].map(name => [name, join(this.home, name)]));
    for (const place of Object.values(places)) await mkdir(place);
    this.rithum = new Process(process.env.RITHUM_SIMULATOR, ['--port', '0', '--inbox', places.eu, '--pickup-ms', '50',
      '--prefix', 'CAeu=AddUpdate', '--classification', 'Electronics', '--classification', 'Toys', '--classification', 'Gadgets',
      ...['COLOR', 'COLOR-SIZE', 'COLOR-MATERIAL-SIZE', 'SHADE'].flatMap(each => ['--relationship', each])]);
    this.acumatica = new Process(process.env.ACUMATICA_SIMULATOR, ['--port', '0', '--items', `${items}`, '--templates', '6', '--kits', '20',
      '--seed', '21', '--plain-keys', '--webhook', `${this.url}/v1/sites/eu/notifications`, '--webhook-header', 'X-Product-Sync-Secret',
      '--webhook-secret', SECRET]);
    const [acumatica, rithum] = [await this.acumatica.address(), await this.rithum.address()];
    const relationships = await relationshipsOf(acumatica);
    this.acumaticaUrl = acumatica;
    await writeFile(join(this.home, 'config.yaml'), `server:
  listen: 127.0.0.1:${this.port}
  users:
    anna: {role: operator, password: '${HASH}', token: "operator-token"}
    vic: {role: viewer, password: '${HASH}'}
store: {directory: ${join(this.home, 'state')}}
sites:
${site('eu', {acumatica, inbox: places.eu, relationships, requestLog, more: `    rithum:
      {url: "${rithum}", profile_id: "12345678", application_id: application, shared_secret: "secret", refresh_token: "refresh",
       message_queue_threshold: 0}
    confirmation: {first_look: 0s, interval: 1s}
`})}${site('us', {acumatica, inbox: places.us, relationships, requestLog, more: ''})}`);
    await this.serve();
  }

  // Starts product-sync; serves again after stopService().
  async serve() {
    this.service = new Process(process.env.PRODUCT_SYNC, ['--config', join(this.home, 'config.yaml'), 'serve']);
    await eventually('the start of product-sync', async () => {
      if (this.service.child.exitCode !== null) throw new Error(this.service.output);
      return fetch(`${this.url}/readyz`).then(reply => reply.ok, () => false);
    });
  }

  stopService() { return this.service.stop(); }

  async api(path, body) {
    const reply = await fetch(this.url + path, {method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
      headers: {Authorization: 'Bearer operator-token'}});
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  async control(what, body) {
    const reply = await fetch(`${this.acumaticaUrl}/control/${what}`, {method: 'POST', body: JSON.stringify(body)});
    if (!reply.ok) throw new Error(`${what}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  // A sync to its end; its record.
  async sync(request, site = 'eu') {
    const {id} = await this.api(`/v1/sites/${site}/syncs`, request);
    return eventually(`the end of the sync ${id}`, async () => {
      const run = await this.api(`/v1/syncs/${id}`);
      return run.finished && run;
    });
  }

  // Until everything that was sent is confirmed or refused.
  settle() {
    return eventually('the end of all work', async () => {
      const {sites} = await this.api('/v1/overview');
      const {notifications, products, waiting_files: files} = sites.find(each => each.site === 'eu');
      return notifications.pending === 0 && files === 0 && !products.sent && !products.pending;
    });
  }

  async stop() {
    for (const process of [this.service, this.acumatica, this.rithum]) await process?.stop();
    await rm(this.home, {recursive: true, force: true});
  }
}
