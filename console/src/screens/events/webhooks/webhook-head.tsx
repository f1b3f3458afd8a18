import { useState } from 'react';
import { useMay } from '../../../list/parts.tsx';
import { exactly } from '../../../ui/figures.ts';
import { named, t } from '../../../ui/texts.ts';
import { Types } from '../feed/type-choice.tsx';
import { ReplayDialog } from './replay.tsx';
import { outcomeOf, type Webhook } from './webhook.ts';
import { type Act, ActDialog } from './webhook-acts.tsx';
import { WebhookTest } from './webhook-test.tsx';

/** One endpoint: its facts, what is wrong with it in words, and what can be done. */
export function WebhookHead({
  webhook,
  onEdit,
  onSecret,
  onDeleted,
}: {
  webhook: Webhook;
  onEdit: () => void;
  onSecret: (answer: unknown) => void;
  onDeleted: () => void;
}) {
  const may = useMay();
  const [asked, setAsked] = useState<Act | 'replayRange' | null>(null);
  const isOff = webhook.state === 'disabled';
  const ask = (act: Act | 'replayRange', needsOn = false) => (
    <button type="button" data-act={act} disabled={needsOn && isOff} onClick={() => setAsked(act)}>
      {t(act)}
    </button>
  );
  return (
    <section className="board webhook" aria-labelledby="webhook-title" data-state={webhook.state}>
      <div className="card-head">
        <h2 id="webhook-title" className="webhook-title" tabIndex={-1}>
          {webhook.url} <span className={`state webhook-${webhook.state}`}>{named('webhook', webhook.state)}</span>
        </h2>
      </div>
      {webhook.description && <p className="muted">{webhook.description}</p>}
      <Health webhook={webhook} />
      <dl className="facts">
        <div>
          <dt>{t('webhookTypes')}</dt>
          <dd>
            <Types types={webhook.types} />
          </dd>
        </div>
        <div>
          <dt>{t('lastSuccess')}</dt>
          <dd>{exactly(webhook.lastSuccessAt) || t('neverSucceeded')}</dd>
        </div>
        <div>
          <dt>{t('webhookWaiting')}</dt>
          <dd>{webhook.waiting.toLocaleString()}</dd>
        </div>
      </dl>
      {may('event.write') && (
        <div className="card-actions">
          <WebhookTest webhook={webhook} />
          {ask('replayRange', true)}
          <button type="button" data-act="edit" onClick={onEdit}>
            {t('edit')}
          </button>
          {ask('rotateSecret')}
          {ask(isOff ? 'enableWebhook' : 'disableWebhook')}
          {ask('deleteWebhook')}
        </div>
      )}
      {asked === 'replayRange' && <ReplayDialog webhook={webhook} onClose={() => setAsked(null)} />}
      {asked !== null && asked !== 'replayRange' && (
        <ActDialog
          webhook={webhook}
          act={asked}
          onClose={() => setAsked(null)}
          onDone={(answer) => {
            if (asked === 'rotateSecret') onSecret(answer);
            if (asked === 'deleteWebhook') onDeleted();
          }}
        />
      )}
    </section>
  );
}

/** What is wrong with it and what will become of that; nothing while all is well. */
function Health({ webhook }: { webhook: Webhook }) {
  const { lastFailure: last } = webhook;
  if (webhook.state === 'enabled') return null;
  const why = last && (
    <p>{t('lastTry', { why: [outcomeOf(last), last.answer && `“${last.answer}”`].filter(Boolean).join(' ') })}</p>
  );
  if (webhook.state === 'failing')
    return (
      <div className="note bad" role="status">
        <p>{t('failingFrom', { at: exactly(webhook.failingSince) })}</p>
        {why}
        <p>{t('failingNote')}</p>
      </div>
    );
  return (
    <div className={webhook.disabledReason === 'operator' ? 'note warn' : 'note bad'} role="status">
      <p>{named('disabledReason', webhook.disabledReason)}</p>
      {webhook.disabledReason !== 'operator' && why}
      <p>{t('disabledNote')}</p>
    </div>
  );
}
