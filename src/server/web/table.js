// Tables, which narrow screens show as a card for each row.

import {h} from './html.js';

// columns: [{name, value: row => text or element, numeric}]; the first column heads its row. `empty` stands in for no rows.
export function table({caption, columns, rows, empty, rowClass}) {
  if (rows.length === 0) return h('div', {class: 'no-rows'}, h('p', {class: 'caption'}, caption), h('p', {class: 'empty'}, empty));
  // The roles are what the tags mean anyway; cards would lose it.
  const cell = (column, i, row) => h(i === 0 ? 'th' : 'td', {
    class: column.numeric && 'number', 'data-name': column.name, scope: i === 0 && 'row', role: i === 0 ? 'rowheader' : 'cell',
  }, h('span', null, column.value(row)));
  return h('table', {role: 'table'},
    h('caption', null, caption),
    h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, columns.map(column =>
      h('th', {scope: 'col', role: 'columnheader', class: column.numeric && 'number'}, column.name)))),
    h('tbody', {role: 'rowgroup'}, rows.map(row =>
      h('tr', {role: 'row', class: rowClass?.(row)}, columns.map((column, i) => cell(column, i, row))))));
}
