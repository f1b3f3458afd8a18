import { CallDialog } from '../../../commands/form.tsx';
import { t } from '../../../ui/texts.ts';
import { WEBHOOKS, type Webhook } from './webhook.ts';

const calls = {
  enableWebhook: ['POST', '/enable'],
  disableWebhook: ['POST', '/disable'],
  rotateSecret: ['POST', '/rotate-secret'],
  deleteWebhook: ['DELETE', ''],
} as const;
export type Act = keyof typeof calls;

/** Says what an act does to an endpoint, and does it. */
export function ActDialog({
  webhook,
  act,
  onClose,
  onDone,
}: {
  webhook: Webhook;
  act: Act;
  onClose: () => void;
  onDone: (answer: unknown) => void;
}) {
  const [method, path] = calls[act];
  return (
    <CallDialog
      title={t(act)}
      submit={t(act)}
      danger={act === 'deleteWebhook'}
      call={() => ({ method, path: `${WEBHOOKS}/${webhook.id}${path}` })}
      reads={[WEBHOOKS]}
      onClose={onClose}
      onDone={onDone}
    >
      <p>
        <b className="url">{webhook.url}</b>
      </p>
      <p>{t(`askWebhook.${act}`, { n: webhook.waiting })}</p>
    </CallDialog>
  );
}
