/** The list of the screen. */
interface ListFocus {
  /** Focuses its first row, and selects it if asked; false while it is empty. */
  first: (select: boolean) => boolean;
  /** Focuses the row where the focus was last; false while it is empty. */
  back: () => boolean;
  /** Takes what stands in the cell that is being edited. */
  leave: () => void;
}

let list: ListFocus | null = null;
let wish: { select: boolean } | null = null;

export function offerList(own: ListFocus): () => void {
  list = own;
  return () => {
    if (list === own) list = null;
  };
}

/** After a command or a dialog: the keyboard is in the list again, at its row. False = there is no list. */
export const backToList = (): boolean => list?.back() ?? false;

/** Whether nothing has the keyboard. A dialog is told a moment late that it has closed, and takes the keyboard from nobody by then. */
export const isKeyboardFree = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** What is being typed into a cell counts as typed. */
export const leaveCell = (): void => list?.leave();

/** Focuses the list. While its rows are loading, the request is kept, and Space selects the first row that arrives. */
export function goToList(): void {
  if (list?.first(false)) return;
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
    } else if (event.code !== 'KeyL' && event.key !== 'Shift') stop();
  };
  addEventListener('keydown', press, true);
  addEventListener('pointerdown', stop, true);
}

/** Called when rows have arrived. */
export function rowsHaveCome(): void {
  if (wish && list?.first(wish.select)) wish = null;
}
