// Where the cursor is in a line of text, and what stands there on the screen.

// How many letters (as JavaScript counts them) stand before the cursor; null if it is not in this element.
export function caretIn(element) {
  const selection = getSelection();
  if (!selection.rangeCount || !element.contains(selection.focusNode)) return null;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(selection.focusNode, selection.focusOffset);
  return before.toString().length;
}

export function isCollapsed() {
  return getSelection().isCollapsed;
}

export function putCaret(element, at) {
  element.focus({ preventScroll: true });
  const range = rangeIn(element, at, at);
  if (!range) return;
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

export function rangeIn(element, from, to) {
  const range = document.createRange();
  const start = place(element, from);
  const end = place(element, to);
  if (!start || !end) return null;
  range.setStart(...start);
  range.setEnd(...end);
  return range;
}

// Whether the cursor is in the first or last row of a text that runs over several.
export function atEdge(element, which) {
  const selection = getSelection();
  if (!selection.rangeCount || !selection.isCollapsed) return false;
  const box = element.getBoundingClientRect();
  const caret = selection.getRangeAt(0).getClientRects()[0];
  if (!caret) return true; // an empty line has one row
  const row = caret.height * 0.9;
  return which === "first" ? caret.top - box.top < row : box.bottom - caret.bottom < row;
}

function place(element, at) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = at;
  let last = null;
  while (walker.nextNode()) {
    last = walker.currentNode;
    if (left <= last.length) return [last, left];
    left -= last.length;
  }
  return last ? [last, last.length] : [element, 0];
}
