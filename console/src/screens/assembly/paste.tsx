import { useState } from 'react';
import { cleanCode } from '../../ui/clean-text.ts';
import { t } from '../../ui/texts.ts';

/** Rows of a sheet pasted as text: cells between tabs (or commas), empty rows left out. */
export function PasteField({ note, onRows }: { note: string; onRows: (rows: string[][]) => void }) {
  const [text, setText] = useState('');
  return (
    <label className="field">
      {note}
      <textarea
        name="rows"
        rows={8}
        value={text}
        spellCheck={false}
        placeholder={t('pasteHere')}
        onChange={({ target: { value } }) => {
          setText(value);
          const rows = value.split(/\r?\n/).filter((row) => row.trim() !== '');
          onRows(rows.map((row) => row.split(/\t|,/).map(cleanCode)));
        }}
      />
    </label>
  );
}
