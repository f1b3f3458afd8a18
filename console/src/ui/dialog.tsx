import { Dialog as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { t } from './texts.ts';

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
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Overlay className="overlay" />
        <Base.Content className="dialog" aria-describedby={undefined}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!disabled) onSubmit?.();
            }}
          >
            <Base.Title className="dialog-title">{title}</Base.Title>
            <div className="dialog-body">{children}</div>
            <div className="dialog-actions">
              <button type="button" onClick={onClose}>
                {onSubmit ? t('cancel') : t('close')}
              </button>
              {onSubmit && (
                <button type="submit" className={danger ? 'danger' : 'primary'} disabled={disabled}>
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
