// Jumps from one word that the model doubted to the next.
import { rangeIn } from "./caret.js";
import { DOUBTFUL } from "./line.js";

export function countDoubts(sheet) {
  return sheet.views.reduce((sum, view) => sum + view.line.words.filter(([, , , sure]) => sure < DOUBTFUL).length, 0);
}

// Select the next doubted word from the cursor on, and around at the end; false if there is none.
export function selectNextDoubt(sheet) {
  const { views } = sheet;
  if (!views.length) return false;
  const from = sheet.place(sheet.inHand);
  const order = [...views.slice(from), ...views.slice(0, from)];
  const caret = order[0].caret ?? -1;
  for (const [number, view] of [...order, order[0]].entries()) {
    const spans = [...view.text.querySelectorAll(".ki-ed-doubt")];
    const found = spans.find((span) => number > 0 || startOf(view, span) > caret);
    if (found) return select(sheet, view, found);
  }
  return false;
}

function select(sheet, view, span) {
  const from = startOf(view, span);
  view.text.focus({ preventScroll: true });
  const range = rangeIn(view.text, from, from + span.textContent.length);
  getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  sheet.reveal(view);
  return true;
}

function startOf(view, span) {
  const before = document.createRange();
  before.selectNodeContents(view.text);
  before.setEndBefore(span);
  return before.toString().length;
}
