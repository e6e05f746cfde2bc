// The shell: who is signed in, the navigation, and the screen that the address names.

import {h, redraw} from './html.js';
import * as api from './api.js';
import * as live from './live.js';
import {Page} from './page.js';
import {screens} from './screens.js';
import {signIn} from './sign_in.js';

const RETRY = 3000;     // milliseconds until the server is asked again
const SAID_FOR = 6000;  // milliseconds for which a message stays

const place = document.getElementById('main');
const connection = document.getElementById('connection');
const said = document.getElementById('said');
let session = null;
let sites = [];
let page = null;
let sayTimer = 0;

function say(text) {
  clearTimeout(sayTimer);
  said.textContent = text;
  sayTimer = setTimeout(() => { said.textContent = ''; }, SAID_FOR);
}

// `#/catalog/eu/A%201?state=parked` -> the screen, ['eu', 'A 1'], {state: 'parked'}
function parseAddress() {
  const [way, parameters] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...values] = way.split('/').filter(Boolean).map(decodeURIComponent);
  return {screen: screens.find(each => each.name === name), values, parameters: Object.fromEntries(new URLSearchParams(parameters))};
}

function showNavigation(current) {
  redraw(document.getElementById('screens'), h('ul', null, screens.map(({name, title}) => h('li', null,
    h('a', {id: `to-${name}`, href: `#/${name}`, 'aria-current': name === current && 'page'}, title)))));
}

function showWho() {
  const signedOut = async () => {
    await api.remove('/v1/session').catch(() => {});
    leave();
    enter();
  };
  redraw(document.getElementById('who'),
    h('span', {class: 'soft'}, session.by === 'local' ? 'this machine' : session.user, `, ${session.role}`),
    session.by === 'session' && h('button', {type: 'button', id: 'sign-out', onclick: signedOut}, 'Sign out'));
}

function open(moveFocus) {
  const {screen, values, parameters} = parseAddress();
  if (!screen) {
    location.replace(`#/${screens[0].name}`);
    return;
  }
  page?.leave();
  showNavigation(screen.name);
  document.title = `${screen.title} · Product Sync`;
  page = new Page(place, {title: screen.title, session, sites, values, parameters, say});
  screen.open(page);
  if (moveFocus) place.focus({preventScroll: true});
  window.scrollTo(0, 0);
}

function leave() {
  page?.leave();
  page = null;
  session = null;
  live.end();
  connection.hidden = true;
  for (const id of ['screens', 'who']) redraw(document.getElementById(id));
}

async function begin(who) {
  session = who;
  try {
    sites = (await api.get('/v1/sites')).sites.map(each => each.site);
  } catch (problem) {
    if (problem.status !== 401) unreachable(problem);
    return;
  }
  showWho();
  live.begin(connected => {
    connection.hidden = connected;
    connection.textContent = connected ? '' : 'The connection to Product Sync is lost; what is shown may be old. Trying again …';
  });
  open(false);
}

function unreachable(problem) {
  redraw(place, h('div', {class: 'problem', role: 'alert'}, h('strong', null, problem.message), ' ', problem.detail));
  setTimeout(enter, RETRY);
}

// Whoever is known goes in; everybody else signs in.
async function enter() {
  let why = null;
  try {
    return await begin(await api.get('/v1/session'));
  } catch (problem) {
    why = problem;
  }
  document.title = 'Sign in · Product Sync';
  if (why.status === 401) signIn(place, begin, why);
  else unreachable(why);
}

api.whenSignedOut(() => {
  if (!session) return;
  leave();
  enter();
});
window.addEventListener('hashchange', () => {
  if (session) open(true);
});
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();  // the address names the screen
  place.focus();
});
enter();
