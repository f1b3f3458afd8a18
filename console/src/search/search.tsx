import { Dialog } from 'radix-ui';
import { useEffect, useRef } from 'react';
import { isKeyboardFree } from '../ui/focus-list.ts';
import { closeSearch, openSearch, useSearchOpen } from '../ui/search-open.ts';
import { t } from '../ui/texts.ts';
import type { Screen } from './commands.ts';
import { Palette } from './palette.tsx';

/** The one search, on every screen: Ctrl+K or Cmd+K opens it, also from a field and over an open panel. */
export function Search({ screens, onHelp }: { screens: readonly Screen[]; onHelp: () => void }) {
  const isOpen = useSearchOpen();
  const before = useRef<Element | null>(null);
  const went = useRef(false);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // The key's place, because under the Korean keyboard it is another letter.
      if (event.code !== 'KeyK' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      // A dialog is answered first.
      if (document.querySelector('[role=dialog]')) return;
      openSearch();
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, []);

  if (!isOpen) return null;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeSearch()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className="find-box"
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            went.current = false;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!isKeyboardFree()) return;
            const panel = went.current ? document.querySelector<HTMLElement>('.panel') : null;
            const back = panel ?? before.current;
            if (back instanceof HTMLElement && back.isConnected) back.focus();
          }}
        >
          <Dialog.Title className="hidden">{t('findTitle')}</Dialog.Title>
          <Palette
            screens={screens}
            onHelp={onHelp}
            onBefore={(element) => {
              before.current = element;
            }}
            onDone={(isAway) => {
              went.current = isAway;
              closeSearch();
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
