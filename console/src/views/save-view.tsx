import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { t } from '../ui/texts.ts';

export const LONGEST_NAME = 60;

/** Asks for the name under which this list, as it is filtered now, is kept. */
export function SaveView({ onClose, onSave }: { onClose: () => void; onSave: (name: string) => void }) {
  const [name, setName] = useState('');
  const given = name.trim();
  return (
    <Dialog title={t('saveView')} submit={t('save')} disabled={given === ''} onClose={onClose} onSubmit={() => onSave(given)}>
      <label className="field">
        {t('viewName')}
        <input
          name="viewName"
          value={name}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          onChange={({ target }) => setName(target.value)}
        />
        <span className="muted">{t('viewNote')}</span>
      </label>
    </Dialog>
  );
}
