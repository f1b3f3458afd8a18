import { useParams } from 'react-router';
import { askedOf, filterPart } from '../../filters/asked.ts';
import { Tabs } from '../../list/tabs.tsx';
import { useSummary, waitingIn } from '../../list/waiting.ts';
import { t } from '../../ui/texts.ts';
import { ViewBar } from '../../views/view-bar.tsx';
import { lineFilters } from './line-filters.ts';
import { LineTab } from './line-tab.tsx';
import { lineTabs } from './line-tabs.ts';

const BASE = '/lines';
const tabOf = (screen: string) =>
  lineTabs.find(({ tab }) => screen === `${BASE}/${tab}`) ?? (screen === BASE ? lineTabs[0] : undefined);

/** 배송처리: a tab per step, named by what waits there. */
export function Lines() {
  const given = useParams()['*'] ?? '';
  const summary = useSummary();
  const setup = lineTabs.find(({ tab }) => tab === given) ?? lineTabs[0];
  if (!setup) return null;
  // 결품등록 looks at the same lines as 출고완료, which are counted there.
  const tabs = lineTabs.map((each) => ({
    ...each,
    waiting: each.tab === 'stockout' ? undefined : waitingIn(summary, 'deliveries', each.state),
  }));
  return (
    <>
      <div className="tab-row">
        <Tabs label={t('lines')} base={BASE} tabs={tabs} current={setup.tab} />
        <ViewBar
          base={BASE}
          partOf={(_screen, search) => filterPart(search, lineFilters())}
          askedBy={(screen, search, today) => {
            const state = tabOf(screen)?.state;
            return state
              ? { path: '/api/bo/v1/delivery-lines', params: { state: [state], ...askedOf(search, lineFilters(), today) } }
              : null;
          }}
        />
      </div>
      <LineTab key={setup.tab} setup={setup} />
    </>
  );
}
