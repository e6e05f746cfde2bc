// Builds elements. Text always becomes text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

// h('a', {href: '#/plan', onclick: act}, 'Plan'): an element with attributes, listeners and children.
export function h(tag, attributes, ...children) {
  return build(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

// Puts new contents into a place. What had the focus has it again when the new contents have an element of its id.
export function redraw(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : '';
  const open = [...place.querySelectorAll('details[open][id]')].map(each => each.id);
  build(place, null, []).replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  for (const id of open) {
    const again = document.getElementById(id);
    if (again) again.open = true;
  }
  if (focused) document.getElementById(focused)?.focus({preventScroll: true});
}

// A text that can be part of an element's id.
export function idOf(...parts) {
  return parts.map(part => encodeURIComponent(part).replaceAll('%', '_')).join('-');
}
