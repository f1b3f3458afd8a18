/** The list of the screen: focuses its first row, and selects it when asked; false while it has none. */
type ListKeys = (select: boolean) => boolean;

let list: ListKeys | null = null;
let wish: { select: boolean } | null = null;

export function offerList(keys: ListKeys): () => void {
  list = keys;
  return () => {
    if (list === keys) list = null;
  };
}

/** Goes to the list; while its rows are still on their way the wish is kept, and Space selects what will come first. */
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

/** Rows have come. */
export function rowsHaveCome(): void {
  if (wish && list?.(wish.select)) wish = null;
}
