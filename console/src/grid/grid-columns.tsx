import type { ColumnState, GridApi } from 'ag-grid-community';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { t } from '../ui/texts.ts';
import { type Density, densityNow, keepDensity, themeOf } from './grid-setup.ts';

const nameOf = (list: string) => `console.columns.${list}`;

/** Saves order, widths and visibility of a list's columns on this machine. */
export function saveLayout(api: GridApi, list: string): void {
  const state = api.getColumnState().map(({ sort: _sort, sortIndex: _index, ...column }) => column);
  localStorage.setItem(nameOf(list), JSON.stringify(state));
}

export function restoreLayout(api: GridApi, list: string): void {
  const saved = localStorage.getItem(nameOf(list));
  if (saved === null) return;
  try {
    const state: ColumnState[] = JSON.parse(saved);
    api.applyColumnState({ state, applyOrder: true });
  } catch {
    localStorage.removeItem(nameOf(list));
  }
}

interface Choice {
  id: string;
  name: string;
  shown: boolean;
}
const choicesOf = (api: GridApi | null): Choice[] =>
  (api?.getAllGridColumns() ?? []).flatMap((column) => {
    const name = column.getColDef().headerName;
    return name ? [{ id: column.getColId(), name, shown: column.isVisible() }] : [];
  });

const densities = ['comfortable', 'compact'] as const satisfies Density[];

/** Chooses the columns of a list, and how close its rows stand; 초기화 resets every change to its layout. */
export function ColumnMenu({ api, list }: { api: () => GridApi | null; list: string }) {
  const [choices, setChoices] = useState<Choice[]>([]);
  const [density, setDensity] = useState(densityNow);
  const open = () => {
    setChoices(choicesOf(api()));
    setDensity(densityNow());
  };
  const stand = (next: Density) => {
    keepDensity(next);
    api()?.setGridOption('theme', themeOf(next));
    setDensity(next);
  };
  const show = (id: string, shown: boolean) => {
    const grid = api();
    if (!grid) return;
    grid.setColumnsVisible([id], shown);
    saveLayout(grid, list);
    setChoices(choicesOf(grid));
  };
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && open()}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="column-menu" aria-label={t('columns')} title={t('columns')}>
          ⋮
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-box" align="end">
          {choices.map(({ id, name, shown }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              className="menu-item"
              checked={shown}
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={(checked) => show(id, checked)}
            >
              <span className="menu-mark">{shown ? '✓' : ''}</span>
              {name}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.RadioGroup value={density} aria-label={t('density')}>
            {densities.map((each) => (
              <DropdownMenu.RadioItem
                key={each}
                value={each}
                className="menu-item"
                onSelect={(event) => {
                  event.preventDefault();
                  stand(each);
                }}
              >
                <span className="menu-mark">{density === each ? '✓' : ''}</span>
                {t(`density.${each}`)}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.Item
            className="menu-item"
            onSelect={() => {
              localStorage.removeItem(nameOf(list));
              api()?.resetColumnState();
            }}
          >
            <span className="menu-mark" />
            {t('resetLayout')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
