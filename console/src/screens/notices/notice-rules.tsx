import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, get } from '../../api/api.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Table } from '../../list/table.tsx';
import { named, t } from '../../ui/texts.ts';
import { NOTICE_RULES, type NoticeRule, NoticeRuleForm, noticeTypes } from './notice-rule-form.tsx';

/** The rules: few, one a type of event. */
export function NoticeRules() {
  const may = useMay();
  const [editing, edit] = useState<NoticeRule | 'new' | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: [NOTICE_RULES], queryFn: () => get(api.GET(NOTICE_RULES)) });
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  const free = noticeTypes.filter((type) => !data?.items.some((rule) => rule.type === type));
  return (
    <section className="board" aria-label={t('noticeRules')}>
      <div className="card-head">
        <h2>{t('noticeRules')}</h2>
        {may('event.write') && (
          <button type="button" className="primary" onClick={() => edit('new')}>
            {t('newNoticeRule')}
          </button>
        )}
      </div>
      <div className="scrolls">
        <Table
          label={t('noticeRules')}
          heads={['noticeType', 'templateCode', 'noticeText', 'state', 'command']}
          rows={data?.items}
          empty={t('noNoticeRules')}
          row={(rule) => (
            <tr key={rule.type} data-notice-rule={rule.type}>
              <td>{named('noticeType', rule.type)}</td>
              <td>{rule.templateCode}</td>
              <td className="wide">{rule.text}</td>
              <td>{rule.enabled ? <span className="state state-delivered">{t('ruleOn')}</span> : t('ruleOff')}</td>
              <td>
                {may('event.write') && (
                  <button type="button" className="link" onClick={() => edit(rule)}>
                    {t('edit')}
                  </button>
                )}
              </td>
            </tr>
          )}
        />
      </div>
      <p className="note">{t('noticeRulesNote')}</p>
      {editing && <NoticeRuleForm rule={editing === 'new' ? null : editing} free={free} onClose={() => edit(null)} />}
    </section>
  );
}
