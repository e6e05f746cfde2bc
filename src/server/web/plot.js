// Plots over time, as SVG that is drawn here: bars from zero, an axis of time, two or three lines to read values by.

import {h, svg} from './html.js';

const HEIGHT = 170;
const LEFT = 54;
const BOTTOM = 22;
const TOP = 10;
const hour = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit'});

// The next of 1, 2, 5, 10, 20 … from `value` on.
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value * 0.999);
}

// Letters are as large as elsewhere, so narrow screens get narrow plots.
const widthOf = () => (matchMedia('(max-width: 48rem)').matches ? 320 : 600);

// bars: [{from: Date, to: Date, value}]; `write` makes a text of a value; `summary` says in a sentence what is to be seen.
export function plot({title, bars, write, summary, least = 1}) {
  const width = widthOf();
  const most = roundUp(Math.max(least, ...bars.map(bar => bar.value ?? 0)));
  const first = bars[0].from.getTime();
  const span = bars.at(-1).to.getTime() - first;
  const x = instant => LEFT + (instant - first) / span * (width - LEFT);
  const y = value => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM);
  const lines = [0, most / 2, most].map(value => svg('g', null,
    svg('line', {class: 'grid', x1: LEFT, x2: width, y1: y(value), y2: y(value)}),
    svg('text', {x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end'}, write(value))));
  const every = Math.ceil(bars.length / (width / 100));
  const hours = bars.filter((bar, i) => i % every === 0).map(bar =>
    svg('text', {x: x(bar.from), y: HEIGHT - 5}, hour.format(bar.from)));
  const drawn = bars.filter(bar => bar.value > 0).map(bar =>
    svg('rect', {class: 'bar', x: x(bar.from) + 1, width: Math.max(1, x(bar.to) - x(bar.from) - 2), y: y(bar.value),
      height: y(0) - y(bar.value)},
    svg('title', null, `${hour.format(bar.from)}: ${write(bar.value)}`)));
  return h('figure', {class: 'plot'}, h('figcaption', null, title, h('span', {class: 'soft'}, ' ', summary)),
    svg('svg', {viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': `${title}: ${summary}`}, lines, hours, drawn));
}
