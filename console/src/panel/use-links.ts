import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { openKinds, withOpened } from '../ui/opened.ts';

/** Opens linked numbers in the panel of this screen: cells of the grid are drawn without React, so one listener serves all. */
export function useLinks(): void {
  const [, setSearch] = useSearchParams();
  useEffect(() => {
    const click = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest<HTMLElement>('a[data-open]') : null;
      const kind = openKinds.find((each) => each === link?.dataset.open);
      const no = link?.dataset.no;
      if (!kind || !no) return;
      event.preventDefault();
      setSearch((before) => withOpened(before, { kind, no }));
    };
    addEventListener('click', click);
    return () => removeEventListener('click', click);
  }, [setSearch]);
}
