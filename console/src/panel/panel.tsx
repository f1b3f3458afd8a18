import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { Boundary } from '../ui/boundary.tsx';
import { isKeyboardFree } from '../ui/focus-list.ts';
import { openedIn, withOpened } from '../ui/opened.ts';
import { useSteps } from '../ui/stepping.ts';
import { t } from '../ui/texts.ts';
import { DeliveryPanel } from './panel-delivery.tsx';
import { OrderPanel } from './panel-order.tsx';
import { PickupPanel } from './panel-pickup.tsx';
import { useLinks } from './use-links.ts';

const sides = [
  { by: -1, sign: '‹', name: 'previousDetail', key: 'K' },
  { by: 1, sign: '›', name: 'nextDetail', key: 'J' },
] as const;
const titles = { delivery: 'deliveryNo', pickup: 'pickupNo', order: 'orderNo' } as const;

/** The detail beside the list: `?delivery=`, `?pickup=` or `?order=` in the address, on any screen. */
export function Panel() {
  const [search, setSearch] = useSearchParams();
  const opened = openedIn(search);
  const no = opened?.no ?? null;
  const id = opened && `${opened.kind} ${opened.no}`;
  const aside = useRef<HTMLElement>(null);
  const steps = useSteps();
  /** The button that was pressed: the next detail has it too, and the keyboard stays there. */
  const stepped = useRef<-1 | 1 | null>(null);
  const shut = () => setSearch((before) => withOpened(before, null));
  useLinks();

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // A dialog over the panel handles its own Esc and is closed by now.
      if (event.key !== 'Escape' || event.defaultPrevented || no === null) return;
      if (document.querySelector('[role=dialog], .ag-cell-inline-editing')) return;
      const { activeElement } = document;
      // The first Esc leaves the field, the second closes the panel.
      if (activeElement?.matches('.panel input, .panel select')) aside.current?.focus();
      else shut();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });

  // Focus goes to the panel, and on closing back to the row it came from.
  useEffect(() => {
    if (id === null) return;
    const { activeElement } = document;
    const same = stepped.current && aside.current?.querySelector<HTMLElement>(`[data-step="${stepped.current}"]:enabled`);
    stepped.current = null;
    (same || aside.current)?.focus();
    return () => {
      if (!isKeyboardFree()) return;
      const back = activeElement?.isConnected ? activeElement : document.querySelector('.ag-cell-focus');
      if (back instanceof HTMLElement) back.focus();
    };
  }, [id]);

  if (opened === null || no === null) return null;
  return (
    <aside className="panel" aria-label={no} key={id} ref={aside} tabIndex={-1}>
      <header>
        <h2>
          {t(titles[opened.kind])} <code>{no}</code>
        </h2>
        <span className="panel-steps">
          {steps &&
            sides.map(({ by, sign, name, key }) => (
              <button
                key={by}
                type="button"
                className="icon"
                data-step={by}
                aria-label={t(name)}
                aria-keyshortcuts={key}
                title={`${t(name)} (${key})`}
                disabled={!(by > 0 ? steps.on : steps.back)}
                onClick={() => {
                  stepped.current = by;
                  steps.go(by);
                }}
              >
                {sign}
              </button>
            ))}
          <button type="button" className="icon" aria-label={t('close')} onClick={shut}>
            ×
          </button>
        </span>
      </header>
      <Boundary>
        {opened.kind === 'delivery' && <DeliveryPanel deliveryNo={no} />}
        {opened.kind === 'pickup' && <PickupPanel pickupNo={no} />}
        {opened.kind === 'order' && <OrderPanel orderNo={no} />}
      </Boundary>
    </aside>
  );
}
