import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { t } from '../ui/texts.ts';
import { arranged } from './arranged.ts';
import { LONGEST_NAME } from './save-view.tsx';
import type { View } from './views.ts';

/** Names, order and deletion of views; nothing is changed before 저장. */
export function ArrangeViews({
  views,
  onClose,
  onSave,
}: {
  views: readonly View[];
  onClose: () => void;
  onSave: (change: (all: View[]) => View[]) => void;
}) {
  const [before] = useState(views);
  const [mine, setMine] = useState<readonly View[]>(views);
  const [deleted, setDeleted] = useState<ReadonlySet<string>>(new Set());
  const kept = mine.filter(({ id }) => !deleted.has(id)).map((view) => ({ ...view, name: view.name.trim() }));

  const move = (at: number, by: number) =>
    setMine((all) => {
      const next = [...all];
      const [moved] = next.splice(at, 1);
      if (moved) next.splice(at + by, 0, moved);
      return next;
    });
  const toggle = (id: string) =>
    setDeleted((all) => {
      const next = new Set(all);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <Dialog
      title={t('arrangeViews')}
      submit={t('save')}
      disabled={kept.some(({ name }) => name === '')}
      onClose={onClose}
      onSubmit={() => onSave((all) => arranged(before, kept, all))}
    >
      <ul className="arranged">
        {mine.map(({ id, name }, at) => {
          const isDeleted = deleted.has(id);
          return (
            <li key={id} className={isDeleted ? 'deleted' : ''}>
              <input
                aria-label={t('viewName')}
                value={name}
                maxLength={LONGEST_NAME}
                disabled={isDeleted}
                onChange={({ target }) =>
                  setMine((all) => all.map((view) => (view.id === id ? { ...view, name: target.value } : view)))
                }
              />
              <button type="button" disabled={at === 0} aria-label={t('viewUp', { name })} onClick={() => move(at, -1)}>
                ↑
              </button>
              <button
                type="button"
                disabled={at === mine.length - 1}
                aria-label={t('viewDown', { name })}
                onClick={() => move(at, 1)}
              >
                ↓
              </button>
              <button type="button" aria-label={t(isDeleted ? 'viewKeep' : 'viewDelete', { name })} onClick={() => toggle(id)}>
                {isDeleted ? '↺' : '×'}
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
