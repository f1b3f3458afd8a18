import { useParams } from 'react-router';
import { Tabs } from '../../list/tabs.tsx';
import { t } from '../../ui/texts.ts';
import { LineTab } from './line-tab.tsx';
import { lineTabs } from './line-tabs.ts';

/** 배송처리: a tab per step. */
export function Lines() {
  const given = useParams()['*'] ?? '';
  const setup = lineTabs.find(({ tab }) => tab === given) ?? lineTabs[0];
  if (!setup) return null;
  return (
    <>
      <Tabs label={t('lines')} base="/lines" tabs={lineTabs} current={setup.tab} />
      <LineTab key={setup.tab} setup={setup} />
    </>
  );
}
