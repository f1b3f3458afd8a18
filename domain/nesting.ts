/** Deeper than any body or answer that this system reads, and far from where code that walks a value level by level runs out of stack. */
export const MOST_LEVELS = 64;

const QUOTE = 34;
const BACKSLASH = 92;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** Whether a JSON text nests deeper than `MOST_LEVELS`. Only the text is looked at, so that no depth of it can do harm here. */
export function isNestedTooDeep(json: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at++) {
    const letter = json.charCodeAt(at);
    if (isInText) {
      if (letter === BACKSLASH) at++;
      else if (letter === QUOTE) isInText = false;
    } else if (letter === QUOTE) isInText = true;
    else if (letter === OPEN_LIST || letter === OPEN_OBJECT) {
      depth++;
      if (depth > MOST_LEVELS) return true;
    } else if (letter === CLOSE_LIST || letter === CLOSE_OBJECT) depth--;
  }
  return false;
}
