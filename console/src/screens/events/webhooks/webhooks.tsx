import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useStored } from '../../../api/stored.ts';
import { Trouble, useMay } from '../../../list/parts.tsx';
import { Table } from '../../../list/table.tsx';
import { age, exactly } from '../../../ui/figures.ts';
import { named, t } from '../../../ui/texts.ts';
import { Types } from '../feed/type-choice.tsx';
import { Deliveries } from './deliveries.tsx';
import { type NewSecret, SecretDialog, secretOf } from './secret.tsx';
import { outcomeOf, useWebhooks, type Webhook } from './webhook.ts';
import { WebhookForm } from './webhook-form.tsx';
import { WebhookHead } from './webhook-head.tsx';

/** The endpoints with their health, and one of them with what it was told. */
export function Webhooks() {
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [editing, edit] = useStored<{ form: Webhook | 'new' | null }>('webhooks.editing', { form: null });
  const setEditing = (form: Webhook | 'new' | null) => edit(() => ({ form }));
  const [secret, setSecret] = useState<(NewSecret & { isSecond: boolean }) | null>(null);
  const { data, error, refetch } = useWebhooks();
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  const given = search.get('webhook');
  const chosen = data?.items.find(({ id }) => given === null || String(id) === given);
  const open = (id: number | null) => setSearch(id === null ? {} : { webhook: String(id) });
  const tell = (answer: unknown, isSecond: boolean) => {
    const made = secretOf(answer);
    if (!made) return;
    open(made.id);
    setSecret({ ...made, isSecond });
  };
  return (
    <div className="page webhooks">
      <section className="board" aria-label={t('webhooks')}>
        <div className="card-head">
          <h2>{t('webhooks')}</h2>
          {error && <b className="red">{t('notRefreshed')}</b>}
          {may('event.write') && (
            <button type="button" className="primary" onClick={() => setEditing('new')}>
              {t('newWebhook')}
            </button>
          )}
        </div>
        <Table
          label={t('webhooks')}
          heads={['webhookUrl', 'state', 'webhookTypes', 'lastSuccess', 'webhookWaiting']}
          right={['webhookWaiting']}
          rows={data?.items}
          empty={t('noWebhooks')}
          row={(webhook) => (
            <tr key={webhook.id} data-webhook={webhook.id} aria-current={webhook === chosen}>
              <td className="url">
                <button type="button" className="link" onClick={() => open(webhook.id)}>
                  {webhook.url}
                </button>
                {webhook.description && <div className="muted">{webhook.description}</div>}
              </td>
              <td>
                <WebhookState webhook={webhook} />
              </td>
              <td>
                <Types types={webhook.types} />
              </td>
              <td title={exactly(webhook.lastSuccessAt)}>
                {webhook.lastSuccessAt ? age(webhook.lastSuccessAt) : t('neverSucceeded')}
              </td>
              <td className="right">{webhook.waiting.toLocaleString()}</td>
            </tr>
          )}
        />
      </section>
      {data && given !== null && !chosen && <p className="note warn">{t('webhookGone')}</p>}
      {chosen && (
        <WebhookHead
          key={chosen.id}
          webhook={chosen}
          onEdit={() => setEditing(chosen)}
          onSecret={(answer) => tell(answer, true)}
          onDeleted={() => open(null)}
        />
      )}
      {chosen && <Deliveries key={`deliveries ${chosen.id}`} webhook={chosen} />}
      {editing.form && (
        <WebhookForm
          webhook={editing.form === 'new' ? null : editing.form}
          onClose={() => setEditing(null)}
          onAdded={(answer) => tell(answer, false)}
        />
      )}
      {secret && <SecretDialog secret={secret} isSecond={secret.isSecond} onClose={() => setSecret(null)} />}
    </div>
  );
}

/** The state of an endpoint, with its reason, or since when. */
function WebhookState({ webhook: { state, disabledReason, failingSince, lastFailure } }: { webhook: Webhook }) {
  return (
    <>
      <span className={`state webhook-${state}`}>{named('webhook', state)}</span>{' '}
      {state === 'failing' && failingSince && <span title={exactly(failingSince)}>{t('since', { at: age(failingSince) })}</span>}
      {state === 'failing' && lastFailure && <div className="red small">{outcomeOf(lastFailure)}</div>}
      {state === 'disabled' && <span className="muted">{named('disabledShort', disabledReason)}</span>}
    </>
  );
}
