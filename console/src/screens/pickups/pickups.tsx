import { useEffect } from 'react';
import { flushSync } from 'react-dom';
import { useParams } from 'react-router';
import { askedOf, filterPart } from '../../filters/asked.ts';
import { Tabs } from '../../list/tabs.tsx';
import { useSummary, waitingIn } from '../../list/waiting.ts';
import { openSearch } from '../../ui/search-open.ts';
import { t } from '../../ui/texts.ts';
import { ViewBar } from '../../views/view-bar.tsx';
import { PickupTab } from './pickup-tab.tsx';
import { pickupFilters, pickupTabs } from './pickup-tabs.ts';

const BASE = '/pickups';
const taken = 'input, select, textarea, [role=dialog], [role=menu], .ag-cell.editable';

/** 회수처리: 회수지시처리, 회수확인처리, 회수완료처리, and all of them; named by what waits there. */
export function Pickups() {
  const given = useParams()['*'] ?? '';
  const summary = useSummary();
  const setup = pickupTabs.find(({ tab }) => tab === given) ?? pickupTabs[0];

  // A box that comes back is scanned: digits outside any field go to the search, which opens its pickup.
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!/^\d$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
      if (document.querySelector('[role=dialog]') || document.activeElement?.closest(taken)) return;
      // The field is there before the reader's first digit is written.
      event.stopPropagation();
      flushSync(openSearch);
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, []);

  if (!setup) return null;
  const tabs = pickupTabs.map((each) => ({ ...each, waiting: waitingIn(summary, 'pickups', each.state) }));
  return (
    <>
      <div className="tab-row">
        <Tabs label={t('pickups')} base={BASE} tabs={tabs} current={setup.tab} />
        <ViewBar
          base={BASE}
          partOf={(_screen, search) => filterPart(search, pickupFilters('all'))}
          askedBy={(screen, search, today) => {
            const found =
              pickupTabs.find(({ tab }) => screen === `${BASE}/${tab}`) ?? (screen === BASE ? pickupTabs[0] : undefined);
            if (!found) return null;
            const asked = askedOf(search, pickupFilters(found.tab), today);
            return { path: '/api/bo/v1/pickups', params: { ...(found.state ? { state: [found.state] } : {}), ...asked } };
          }}
        />
      </div>
      <PickupTab key={setup.tab} setup={setup} />
    </>
  );
}
