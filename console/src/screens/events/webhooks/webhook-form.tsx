import { useDraft } from '../../../commands/draft.ts';
import { CallDialog, TextField } from '../../../commands/form.tsx';
import { t } from '../../../ui/texts.ts';
import { eventTypes } from '../feed/event-types.ts';
import { TypeChoice } from '../feed/type-choice.tsx';
import { WEBHOOKS, type Webhook } from './webhook.ts';

interface Form {
  url: string;
  description: string;
  types: string[];
}

/** Adds an endpoint, whose secret is then told by `onAdded`, or changes one as a whole. */
export function WebhookForm({
  webhook,
  onClose,
  onAdded,
}: {
  webhook: Webhook | null;
  onClose: () => void;
  onAdded: (answer: unknown) => void;
}) {
  const [form, set, forget] = useDraft<Form>(`webhook.${webhook?.id ?? 'new'}`, {
    url: webhook?.url ?? '',
    description: webhook?.description ?? '',
    types: webhook?.types ?? ['*'],
  });
  return (
    <CallDialog
      title={t(webhook ? 'editWebhook' : 'newWebhook')}
      submit={t('save')}
      needs={[
        [t('webhookUrl'), form.url],
        [t('oneType'), form.types.join()],
      ]}
      call={() => ({
        method: webhook ? 'PUT' : 'POST',
        path: webhook ? `${WEBHOOKS}/${webhook.id}` : WEBHOOKS,
        body: { url: form.url.trim(), types: form.types, description: form.description.trim() || null },
      })}
      reads={[WEBHOOKS]}
      onClose={() => {
        forget();
        onClose();
      }}
      onDone={(answer) => webhook || onAdded(answer)}
    >
      <TextField label="webhookUrl" name="url" type="url" value={form.url} onChange={(url) => set({ url })} />
      <p className="note">{t('webhookUrlNote')}</p>
      <TextField
        label="webhookDescription"
        name="description"
        value={form.description}
        onChange={(description) => set({ description })}
      />
      <TypeChoice types={form.types} offered={eventTypes} onChange={(types) => set({ types })} />
    </CallDialog>
  );
}
