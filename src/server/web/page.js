// What a screen has while it is open.

import {h, redraw} from './html.js';
import * as live from './live.js';
import {problemBox} from './parts.js';

const SHORTEST_PAUSE = 1000;  // milliseconds between two looks that events ask for
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 30000;

export class Page {
  constructor(root, {title, session, sites, values, parameters, say}) {
    this.session = session;
    this.mayOperate = session.role === 'operator';
    this.sites = sites;
    this.values = values;          // behind the screen's name in the address
    this.parameters = parameters;  // behind the `?`
    this.say = say;                // tells people what was done
    this.heading = h('h1', null, title);
    this.tools = h('div', {class: 'row'});
    this.says = h('div', {class: 'says'});
    this.body = h('div', {class: 'columns'});
    this.left = new AbortController();
    redraw(root, h('div', {class: 'head'}, this.heading, this.tools), this.says, this.body);
    redraw(this.body, h('p', {class: 'soft'}, 'Loading …'));
  }

  get signal() { return this.left.signal; }

  leave() { this.left.abort(); }

  // `act(name, data)` hears of events until the screen is left.
  listen(act) { this.signal.addEventListener('abort', live.listen(act)); }

  // Runs `look` now, after events for which `concerns(name, data)` holds, and every `often` milliseconds, but one at a
  // time. What it throws is shown, and it is tried again.
  follow(look, concerns = () => false, often = 0) {
    let running = false;
    let again = false;
    let timer = 0;
    let retry = FIRST_RETRY;
    const run = async () => {
      clearTimeout(timer);
      if (this.signal.aborted) return;
      if (running) {
        again = true;
        return;
      }
      running = true;
      again = false;
      let next = often;
      try {
        await look();
        this.explain(null);
        retry = FIRST_RETRY;
      } catch (problem) {
        if (this.signal.aborted) return;
        this.explain(problem);
        next = retry;
        retry = Math.min(retry * 2, LONGEST_RETRY);
      }
      running = false;
      if (again) next = SHORTEST_PAUSE;
      if (next > 0 && !this.signal.aborted) timer = setTimeout(run, next);
    };
    this.listen((name, data) => {
      if (name !== 'missed' && !concerns(name, data)) return;
      if (running) again = true;
      else {
        clearTimeout(timer);
        timer = setTimeout(run, SHORTEST_PAUSE);
      }
    });
    this.signal.addEventListener('abort', () => clearTimeout(timer));
    run();
    return run;
  }

  // Shows what went wrong, or nothing.
  explain(problem) {
    if (problem && !('status' in problem)) console.error(problem);
    redraw(this.says, problem ? problemBox(problem) : null);
  }

  // Does what a person asked for; `said` tells that it is done. Whether it was.
  async act(task, said) {
    try {
      const answer = await task();
      this.explain(null);
      if (said) this.say(typeof said === 'function' ? said(answer) : said);
      return true;
    } catch (problem) {
      if (!this.signal.aborted) this.explain(problem);
      return false;
    }
  }

  // A button that viewers see and cannot press.
  button(id, text, act, {kind = '', disabled = false} = {}) {
    const forbidden = !this.mayOperate;
    return h('button', {type: 'button', id, class: kind, disabled: disabled || forbidden,
      title: forbidden && 'This needs the role operator.', onclick: act}, text);
  }
}
