import { useEffect } from 'react';
import { t } from '../ui/texts.ts';
import type { Entry, Group } from './entries.ts';

export const optionId = ({ id }: Entry): string => `find-${id.replace(/[^\w-]/g, '_')}`;

interface FoundListProps {
  entries: readonly Entry[];
  active: Entry | undefined;
  onMove: (entry: Entry) => void;
  onChoose: (entry: Entry) => void;
}

/** What was found, by kind; the focus stays in the field, and the active entry is told by its id. */
export function FoundList({ entries, active, onMove, onChoose }: FoundListProps) {
  const id = active && optionId(active);
  useEffect(() => {
    if (id) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  return (
    <div className="find-list" id="find-list" role="listbox" aria-label={t('findResults')}>
      {partsOf(entries).map(({ group, own }) => (
        // biome-ignore lint/a11y/useSemanticElements: options of a listbox are grouped by a role, a fieldset is for fields
        <div key={`${group} ${own[0]?.id}`} role="group" aria-label={t(`find.${group}`)}>
          <div className="find-group" aria-hidden="true">
            {t(`find.${group}`)}
          </div>
          {own.map((entry) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
            // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant names the active option
            <div
              key={entry.id}
              id={optionId(entry)}
              role="option"
              aria-selected={entry === active}
              className="find-entry"
              data-kind={entry.kind.slice('findKind.'.length)}
              onMouseMove={() => entry !== active && onMove(entry)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(entry)}
            >
              <span className="find-kind">{t(entry.kind)}</span>
              <b>{entry.text}</b>
              <span className="muted">{entry.note}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Neighbours of one group together. */
function partsOf(entries: readonly Entry[]): { group: Group; own: Entry[] }[] {
  const parts: { group: Group; own: Entry[] }[] = [];
  for (const entry of entries) {
    const last = parts.at(-1);
    if (last?.group === entry.group) last.own.push(entry);
    else parts.push({ group: entry.group, own: [entry] });
  }
  return parts;
}
