import type { Schemas } from '../../api/api.ts';
import { useDraft } from '../../commands/draft.ts';
import { CallDialog, Check, Choice, TextField } from '../../commands/form.tsx';
import { named, t } from '../../ui/texts.ts';

export const NOTICE_RULES = '/api/bo/v1/notice-rules';
export type NoticeRule = Schemas['NoticeRule'];
type Source = NoticeRule['variables'][string];

const deliveryTypes = [
  ...(['delivery.ordered', 'delivery.instructed', 'delivery.released', 'delivery.shipped', 'delivery.delivered'] as const),
  ...(['delivery.stockout-reported', 'delivery.stockout-cleared', 'delivery.canceled', 'delivery.waybill-corrected'] as const),
  ...(['delivery.undone', 'delivery.reopened', 'delivery.split', 'delivery.merged', 'delivery.delay-noticed'] as const),
  ...(['delivery.overdue', 'delivery.closed'] as const),
] as const satisfies readonly NoticeRule['type'][];
const pickupTypes = [
  ...(['pickup.requested', 'pickup.instructed', 'pickup.arrived', 'pickup.confirmed', 'pickup.completed'] as const),
  ...(['pickup.refused', 'pickup.withdrawn', 'pickup.held', 'pickup.resumed', 'pickup.converted'] as const),
] as const satisfies readonly NoticeRule['type'][];
export const noticeTypes: readonly NoticeRule['type'][] = [...deliveryTypes, ...pickupTypes];

const sources = [
  ...(['receiverName', 'ordererName', 'orderNo', 'channel', 'deliveryNo', 'pickupNo', 'claimNo', 'productName'] as const),
  ...(['optionName', 'quantity', 'carrierName', 'waybillNo', 'expectedOn', 'happenedOn'] as const),
] as const satisfies readonly Source[];

/** The names of the variables in a text, each once. */
const variablesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/#\{([^{}]{1,50})\}/g)].map(([, name = '']) => name)),
];

/** Adds or changes the rule of a type of event. A variable asks for its source as soon as it stands in the text. */
export function NoticeRuleForm({
  rule,
  free,
  onClose,
}: {
  rule: NoticeRule | null;
  free: readonly NoticeRule['type'][];
  onClose: () => void;
}) {
  const [form, set, forget] = useDraft(`notice-rule.${rule?.type ?? 'new'}`, {
    type: rule?.type ?? free[0] ?? 'delivery.shipped',
    templateCode: rule?.templateCode ?? '',
    text: rule?.text ?? '',
    variables: rule?.variables ?? {},
    enabled: rule?.enabled ?? true,
  });
  const names = variablesIn(form.text);
  const sourceOf = (name: string): string => form.variables[name] ?? '';
  const choices = (rule ? [rule.type] : free).map((value) => ({ value, label: named('noticeType', value) }));
  return (
    <CallDialog
      title={rule ? t('editNoticeRule', { type: named('noticeType', rule.type) }) : t('newNoticeRule')}
      submit={t('save')}
      needs={[
        [t('templateCode'), form.templateCode],
        [t('noticeText'), form.text],
        ...names.map((name) => [name, sourceOf(name)] as const),
      ]}
      call={() => ({
        method: 'PUT',
        path: NOTICE_RULES,
        body: { ...form, variables: Object.fromEntries(names.map((name) => [name, sourceOf(name)])) },
      })}
      reads={[NOTICE_RULES]}
      onClose={() => {
        forget();
        onClose();
      }}
    >
      <div className="fields">
        <Choice
          label="noticeType"
          name="type"
          value={form.type}
          onChange={(value) => set({ type: noticeTypes.find((type) => type === value) ?? form.type })}
          options={choices}
        />
        <TextField
          label="templateCode"
          name="templateCode"
          value={form.templateCode}
          onChange={(templateCode) => set({ templateCode })}
        />
      </div>
      <label className="field">
        {t('noticeText')}
        <textarea
          name="text"
          rows={6}
          maxLength={1000}
          value={form.text}
          onChange={(event) => set({ text: event.target.value })}
        />
      </label>
      <div className="fields">
        {names.map((name) => (
          <label key={name} className="field">
            {`#{${name}}`}
            <select
              name={`variable.${name}`}
              value={sourceOf(name)}
              onChange={(event) => {
                const source = sources.find((each) => each === event.target.value);
                if (source) set({ variables: { ...form.variables, [name]: source } });
              }}
            >
              <option value="">{t('chooseSource')}</option>
              {sources.map((source) => (
                <option key={source} value={source}>
                  {named('noticeSource', source)}
                </option>
              ))}
            </select>
          </label>
        ))}
        <Check label="noticeEnabled" name="enabled" value={form.enabled} onChange={(enabled) => set({ enabled })} />
      </div>
    </CallDialog>
  );
}
