// Signing in, with name and password or with a token.

import {h, redraw} from './html.js';
import * as api from './api.js';
import {problemBox} from './parts.js';

// Calls `entered(session)` once the person is in. `why` is a problem that led here, or null.
export function signIn(place, entered, why) {
  const says = h('div', null, why && why.status !== 401 ? problemBox(why) : null);
  const field = (id, label, type, autocomplete) => h('label', {class: 'field', for: id}, label,
    h('input', {id, name: id, type, autocomplete, autocapitalize: 'none', spellcheck: 'false', required: true}));
  const submit = async (event, read) => {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector('button');
    button.disabled = true;
    redraw(says);
    try {
      entered(await api.post('/v1/session', read(new FormData(form))));
    } catch (problem) {
      redraw(says, problemBox(problem));
      button.disabled = false;
      form.querySelector('input[type=password]').select();
    }
  };
  const byPassword = h('form', {onsubmit: event => submit(event, data => ({user: data.get('user'), password: data.get('password')}))},
    field('user', 'User', 'text', 'username'), field('password', 'Password', 'password', 'current-password'),
    h('button', {class: 'main'}, 'Sign in'));
  const byToken = h('form', {onsubmit: event => submit(event, data => ({token: data.get('token')}))},
    field('token', 'Token', 'password', 'off'), h('button', null, 'Sign in with a token'));
  redraw(place, h('div', {class: 'sign-in card'}, h('h1', null, 'Sign in'), says, byPassword,
    h('details', {id: 'with-token'}, h('summary', null, 'With a token instead'), byToken)));
  place.querySelector('input').focus();
}
