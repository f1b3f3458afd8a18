import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { Boundary } from '../ui/boundary.tsx';
import { t } from '../ui/texts.ts';
import { DeliveryPanel } from './panel-delivery.tsx';
import { PickupPanel } from './panel-pickup.tsx';

/** The detail beside the list: `?delivery=` or `?pickup=` in the address, on any screen. */
export function Panel() {
  const [search, setSearch] = useSearchParams();
  const delivery = search.get('delivery');
  const pickup = search.get('pickup');
  const no = delivery ?? pickup;
  const aside = useRef<HTMLElement>(null);
  const shut = () =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      next.delete('delivery');
      next.delete('pickup');
      return next;
    });

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
    if (no === null) return;
    const { activeElement } = document;
    aside.current?.focus();
    return () => {
      if (document.activeElement !== document.body) return;
      const back = activeElement?.isConnected ? activeElement : document.querySelector('.ag-cell-focus');
      if (back instanceof HTMLElement) back.focus();
    };
  }, [no]);

  if (no === null) return null;
  return (
    <aside className="panel" aria-label={no} key={no} ref={aside} tabIndex={-1}>
      <header>
        <h2>
          {t(delivery ? 'deliveryNo' : 'pickupNo')} <code>{no}</code>
        </h2>
        <button type="button" className="icon" aria-label={t('close')} onClick={shut}>
          ×
        </button>
      </header>
      <Boundary>{delivery ? <DeliveryPanel deliveryNo={no} /> : <PickupPanel pickupNo={no} />}</Boundary>
    </aside>
  );
}
