import { useParams } from 'react-router';
import { Tabs } from '../../list/tabs.tsx';
import { t } from '../../ui/texts.ts';
import { PickupTab } from './pickup-tab.tsx';
import { pickupTabs } from './pickup-tabs.ts';

/** 회수처리: 회수지시처리, 회수확인처리, 회수완료처리, and all of them. */
export function Pickups() {
  const given = useParams()['*'] ?? '';
  const setup = pickupTabs.find(({ tab }) => tab === given) ?? pickupTabs[0];
  if (!setup) return null;
  return (
    <>
      <Tabs label={t('pickups')} base="/pickups" tabs={pickupTabs} current={setup.tab} />
      <PickupTab key={setup.tab} setup={setup} />
    </>
  );
}
