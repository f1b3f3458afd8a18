/** The list of the screen: focuses its first row, and selects it if asked; false while it is empty. */
type ListKeys = (select: boolean) => boolean;

let list: ListKeys | null = null;
let wish: { select: boolean } | null = null;

export function offerList(keys: ListKeys): () => void {
  list = keys;
  return () => {
    if (list === keys) list = null;
  };
}

/** Focuses the list. While its rows are loading, the request is kept, and Space selects the first row that arrives. */
export function goToList(): void {
  if (list?.(false)) return;
  wish = { select: false };
  const stop = () => {
    wish = null;
    removeEventListener('keydown', press, true);
    removeEventListener('pointerdown', stop, true);
  };
  const press = (event: KeyboardEvent) => {
    if (wish === null) return stop();
    if (event.key === ' ') {
      event.preventDefault();
      wish.select = !wish.select;
    } else if (event.key !== 'l' && event.key !== 'Shift') stop();
  };
  addEventListener('keydown', press, true);
  addEventListener('pointerdown', stop, true);
}

/** Called when rows have arrived. */
export function rowsHaveCome(): void {
  if (wish && list?.(wish.select)) wish = null;
}
