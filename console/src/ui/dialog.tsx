import { Dialog as Base } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import { backToList, isKeyboardFree } from './focus-list.ts';
import { t } from './texts.ts';

/** What must be typed or chosen; boxes to tick have a value from the start. */
const TYPED = '.dialog-body :is(input:not([type=checkbox], [type=radio]), select:not([data-as-is]), textarea):not(:disabled)';

/** Where the keyboard begins: in the first field, else on the button that acts. Never on 취소: Enter must not cancel. */
function focusFirst(dialog: HTMLElement | null): void {
  const first =
    dialog?.querySelector<HTMLElement>(TYPED) ??
    dialog?.querySelector<HTMLElement>('.dialog-actions .main:not(:disabled)') ??
    dialog;
  first?.focus();
}

/** Where it goes afterwards: back to where it was; to the row of the list where that was a button for commands, or is gone. */
function focusBack({ opener, place }: ReturnType<typeof openedFrom>): void {
  const isLeft = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
  if (isLeft && place !== 'commands') opener.focus();
  else if (place === 'panel') document.querySelector<HTMLElement>('.panel')?.focus();
  else if (!backToList() && isLeft) opener.focus();
}

/** The button may be gone when the dialog closes, so its place is noted before. */
function openedFrom() {
  const opener = document.activeElement;
  return { opener, place: opener?.closest('.panel') ? 'panel' : opener?.closest('.actions') ? 'commands' : 'elsewhere' };
}

/** A modal dialog; Enter in it submits, Esc closes. */
export function Dialog({
  title,
  onClose,
  onSubmit,
  children,
  submit,
  danger = false,
  disabled = false,
}: {
  title: string;
  onClose: () => void;
  onSubmit?: () => void;
  children: ReactNode;
  submit?: string;
  danger?: boolean;
  disabled?: boolean;
}) {
  const [from] = useState(openedFrom);
  const dialog = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Overlay className="overlay" />
        <Base.Content
          className="dialog"
          aria-describedby={undefined}
          ref={dialog}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            focusFirst(dialog.current);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (isKeyboardFree()) focusBack(from);
          }}
          onKeyDown={(event) => {
            // A key held down has opened the dialog; it does not answer it too.
            if (event.key === 'Enter' && event.repeat) event.preventDefault();
          }}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!disabled) onSubmit?.();
            }}
          >
            <Base.Title className="dialog-title">{title}</Base.Title>
            <div className="dialog-body">{children}</div>
            <div className="dialog-actions">
              <button type="button" className={onSubmit ? '' : 'main'} onClick={onClose}>
                {onSubmit ? t('cancel') : t('close')}
              </button>
              {onSubmit && (
                <button type="submit" className={`main ${danger ? 'danger' : 'primary'}`} disabled={disabled}>
                  {submit ?? t('confirm')}
                </button>
              )}
            </div>
          </form>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
