"""What the browser backend asks of a page: functions that playwright evaluates.

A control is known by its place among all links, buttons, fields and lists of the page,
as it is to the text backend.
"""

from __future__ import annotations

_COMMON = """\
const all = () => [...document.querySelectorAll(
  'a,button,input:not([type=hidden]),select')];
const kind = el => ({A: 'link', BUTTON: 'button', SELECT: 'select'})[el.tagName]
  || el.type;
const reveal = el => {
  const page = document.scrollingElement;
  const row = Math.floor((el.getBoundingClientRect().top + page.scrollTop) / 24);
  const first = Math.round(page.scrollTop / 24);
  if (row < first || row >= first + 30) page.scrollTop = (row - 14) * 24;
};
const group = el => [
  el.form ? [...document.forms].indexOf(el.form) : -1, el.name || ''];
const told = index => {
  const el = all()[index];
  if (!el) return {index: -1, kind: ''};
  const texts = el.tagName === 'SELECT' ? [...el.options].map(o => o.text) : [];
  const value = el.value || '';
  return {index, kind: kind(el), value, texts};
};
const aim = el => {
  reveal(el);
  const box = el.getClientRects()[0];
  return [box.left + Math.min(box.width / 2, 5), box.top + box.height / 2];
};
"""

# From a node to the control at or above it. Called on a node, by its object id. If it
# is of one of the kinds, and holds no more characters than that, it is brought into
# the window, and a point of it comes as well.
TARGET = f"""function(kinds, most) {{ {_COMMON}
  let node = this.nodeType === 1 ? this : this.parentElement || this;
  node = node.getRootNode().host || node;
  let el = node.closest ? node.closest('a,button,input,select,label') : null;
  if (el && el.tagName === 'LABEL') el = el.control;
  const found = told(el ? all().indexOf(el) : -1);
  if (kinds.includes(found.kind) && [...found.value].length <= most)
    found.point = aim(el);
  return found;
}}"""

# Brings a control into the window.
REVEAL = f"""index => {{ {_COMMON}
  reveal(all()[index]);
}}"""

BLUR = "() => { if (document.activeElement) document.activeElement.blur(); }"

# The control that has the focus; of a field, the selection in code points, too.
FOCUS = f"""() => {{ {_COMMON}
  const el = document.activeElement;
  const found = told(all().indexOf(el));
  const count = end => [...el.value.slice(0, end)].length;
  if (['text', 'password', 'search'].includes(found.kind))
    found.selection = [count(el.selectionStart), count(el.selectionEnd)];
  return found;
}}"""

# All places that Tab could lead to.
STOPS = f"""() => {{ {_COMMON}
  return all().map(el => [kind(el), group(el), el.type === 'radio' && el.checked]);
}}"""

# Gives the focus to a control, as Tab does; returns nothing.
MOVE = f"""index => {{ {_COMMON}
  const el = all()[index];
  el.focus({{preventScroll: true}});
  if (['text', 'password', 'search'].includes(el.type)) el.select();
  reveal(el);
}}"""

# Focuses a list and, with a place that isn't negative, chooses from it.
CHOOSE = f"""(index, place) => {{ {_COMMON}
  const el = all()[index];
  reveal(el);
  el.focus({{preventScroll: true}});
  if (place >= 0) el.selectedIndex = place;
}}"""

# Sets value and selection of the field with the focus.
EDIT = """(value, start, end) => {
  const el = document.activeElement;
  const units = count => [...value].slice(0, count).join('').length;
  if (el.value !== value) el.value = value;
  el.setSelectionRange(units(start), units(end));
}"""

SCROLL = """rows => {
  document.scrollingElement.scrollTop += rows * 24;
}"""

QUERY = """([css, prop]) => [...document.querySelectorAll(css)].map(el => {
  const value = el[prop];
  return value === null || value === undefined ? '' : String(value);
})"""

SCROLLED = "() => Math.round(document.scrollingElement.scrollTop / 24)"

SCROLL_TO = "rows => { document.scrollingElement.scrollTop = rows * 24; }"

# All of a page that is not as it was loaded.
STATE = f"""() => {{ {_COMMON}
  const texts = {{}}, choices = {{}};
  all().forEach((el, index) => {{
    if (el.tagName === 'SELECT') {{
      const first = Math.max(0, [...el.options].findIndex(o => o.defaultSelected));
      if (el.selectedIndex !== first) choices[index] = el.selectedIndex;
    }} else if (['checkbox', 'radio'].includes(el.type)) {{
      if (el.checked !== el.defaultChecked) choices[index] = Number(el.checked);
    }} else if (['text', 'password', 'search'].includes(el.type)) {{
      if (el.value !== el.defaultValue) texts[index] = el.value;
    }}
  }});
  const el = document.activeElement;
  const focus = all().indexOf(el);
  const count = end => [...el.value.slice(0, end)].length;
  const selection = focus >= 0 && ['text', 'password', 'search'].includes(el.type)
    ? [count(el.selectionStart), count(el.selectionEnd)] : [0, 0];
  const scroll = Math.round(document.scrollingElement.scrollTop / 24);
  return {{texts, choices, focus, selection, scroll}};
}}"""

# The reverse, on a page that was just loaded.
FILL = f"""(texts, choices, focus, selection) => {{ {_COMMON}
  const controls = all();
  for (const [index, value] of texts) controls[index].value = value;
  for (const [index, place] of choices) {{
    const el = controls[index];
    if (el.tagName === 'SELECT') el.selectedIndex = place;
    else el.checked = Boolean(place);
  }}
  if (focus < 0) return;
  const el = controls[focus];
  el.focus({{preventScroll: true}});
  if (!selection) return;
  const units = count => [...el.value].slice(0, count).join('').length;
  el.setSelectionRange(units(selection[0]), units(selection[1]));
}}"""
