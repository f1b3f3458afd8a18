import type { NoticeType } from './notice.ts';

/** Where the value of a variable comes from, by its Korean name. Names and texts are read when a message is sent, and kept nowhere. */
export const noticeSources = {
  receiverName: '받는 분',
  ordererName: '주문자',
  orderNo: '주문번호',
  channel: '판매채널',
  deliveryNo: '배송번호',
  pickupNo: '회수번호',
  claimNo: '접수번호',
  productName: '상품명',
  optionName: '옵션',
  quantity: '수량',
  carrierName: '택배사',
  waybillNo: '운송장번호',
  expectedOn: '발송예정일',
  happenedOn: '처리일',
} as const;
export type NoticeSource = keyof typeof noticeSources;

/** Which template tells of a type of event, and how its variables are filled. */
export interface NoticeRule {
  type: NoticeType;
  templateCode: string;
  text: string;
  variables: Record<string, NoticeSource>;
  enabled: boolean;
}

/** Of Kakao: no message is longer. */
export const MOST_LETTERS = 1_000;

const VARIABLE = /#\{([^{}]{1,50})\}/g;

/** The names of the variables in a text, each once. */
export const variablesIn = (text: string): string[] => [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))];

/** What is known of an event when its message is written; null = it has no such value. */
export type NoticeValues = Record<NoticeSource, string | null>;

/** A message: the whole text for one provider, the variables for another. */
export interface Rendered {
  text: string;
  variables: Record<string, string>;
}

/** The message of a rule, or why there is none: Kakao takes neither an empty variable nor a longer text. */
export function render(
  rule: Pick<NoticeRule, 'text' | 'variables'>,
  values: NoticeValues,
): Rendered | 'VALUE_MISSING' | 'TOO_LONG' {
  const variables: Record<string, string> = {};
  for (const name of variablesIn(rule.text)) {
    const source = rule.variables[name];
    const value = source === undefined ? null : values[source];
    if (!value) return 'VALUE_MISSING';
    variables[name] = value;
  }
  // One pass, so that a value which looks like a variable stays as it is.
  const text = rule.text.replace(VARIABLE, (_, name: string) => variables[name] ?? '');
  return text.length > MOST_LETTERS ? 'TOO_LONG' : { text, variables };
}
