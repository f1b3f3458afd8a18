import { useParams } from 'react-router';
import { Tabs } from '../../list/tabs.tsx';
import { t } from '../../ui/texts.ts';
import { Feed } from './feed/feed.tsx';
import { Webhooks } from './webhooks/webhooks.tsx';

const tabs = [
  { tab: 'webhooks', name: 'webhooks' },
  { tab: 'feed', name: 'feed' },
] as const;

/** 이벤트·웹훅: who outside is told what, whether it arrives, and everything that is told. */
export function Events() {
  const current = useParams()['*'] === 'feed' ? 'feed' : 'webhooks';
  return (
    <>
      <Tabs label={t('events')} base="/events" tabs={tabs} current={current} />
      {current === 'feed' ? <Feed /> : <Webhooks />}
    </>
  );
}
