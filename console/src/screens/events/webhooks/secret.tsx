import { useEffect, useRef } from 'react';
import { Dialog } from '../../../ui/dialog.tsx';
import { isKeyboardFree } from '../../../ui/focus-list.ts';
import { t } from '../../../ui/texts.ts';
import { copy } from '../feed/copy.ts';

/** A secret that the API has just made; it is kept nowhere in the browser. */
export interface NewSecret {
  id: number;
  secret: string;
}

/** The secret in an answer of the API. */
export function secretOf(answer: unknown): NewSecret | null {
  const read = (name: string): unknown => (typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined);
  const [id, secret] = [read('id'), read('secret')];
  return typeof id === 'number' && typeof secret === 'string' ? { id, secret } : null;
}

/** Shows a secret once. What opened it is gone by then, so the keyboard goes on at its endpoint. */
export function SecretDialog({
  secret: { secret },
  isSecond,
  onClose,
}: {
  secret: NewSecret;
  isSecond: boolean;
  onClose: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.select();
    // After the dialog has had its turn: the button that opened it may be gone.
    const turn = () => isKeyboardFree() && document.querySelector<HTMLElement>('.webhook-title')?.focus();
    return () => void setTimeout(() => setTimeout(turn));
  }, []);
  return (
    <Dialog title={t('secretTitle')} onClose={onClose}>
      <p className="note warn">{t('secretNote')}</p>
      {isSecond && <p className="note">{t('bothSign')}</p>}
      <div className="secret">
        <input ref={field} name="secret" aria-label={t('secretTitle')} readOnly value={secret} />
        <button type="button" className="primary" onClick={() => copy(secret)}>
          {t('copySecret')}
        </button>
      </div>
    </Dialog>
  );
}
