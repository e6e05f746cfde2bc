// How values are written for people.

const dateTime = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium'});
const numbers = new Intl.NumberFormat();
const STEPS = [[1000, 'ms'], [60, 's'], [60, 'min'], [24, 'h'], [Infinity, 'd']];

export const number = value => (value === null || value === undefined ? '–' : numbers.format(value));
export const time = iso => (iso ? dateTime.format(new Date(iso)) : '–');
export const words = text => text.replaceAll('_', ' ');
export const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
export const plural = (count, one, many = one + 's') => `${number(count)} ${count === 1 ? one : many}`;

// 93,000 ms -> `1 min 33 s`: the largest unit and, if there is one, the next smaller.
export function duration(milliseconds) {
  let rest = Math.max(0, Math.round(milliseconds));
  const parts = [];
  for (const [size, unit] of STEPS) {
    const count = size === Infinity ? rest : rest % size;
    if (count > 0) parts.unshift(`${number(count)} ${unit}`);
    rest = Math.floor(rest / size);
    if (rest === 0) break;
  }
  if (parts.length > 1 && parts.at(-1).endsWith(' ms')) parts.pop();
  return parts.slice(0, 2).join(' ') || '0 s';
}

export const ageOf = (iso, now) => new Date(now) - new Date(iso);
export const ago = (iso, now) => `${duration(ageOf(iso, now))} ago`;

export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let value = count;
  for (; value >= 1000 && at < units.length - 1; ++at) value /= 1000;
  return `${numbers.format(at === 0 ? value : Math.round(value * 10) / 10)} ${units[at]}`;
}
