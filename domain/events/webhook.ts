/** Why an endpoint gets nothing more, with what the console says. */
export const disabledReasons = {
  operator: '담당자가 껐습니다',
  gone: '받는 쪽이 410 (더 받지 않음)으로 답했습니다',
  'no-success': '닷새 동안 한 번도 성공하지 못했습니다',
} as const;
export type DisabledReason = keyof typeof disabledReasons;

/** Of an event for an endpoint. `failed`: all attempts are over, a person may send it again. */
export const webhookDeliveryStates = { waiting: '대기', succeeded: '성공', failed: '실패' } as const;
export type WebhookDeliveryState = keyof typeof webhookDeliveryStates;

/** Of an endpoint. `failing`: enabled, and no attempt has succeeded since the last that failed. */
export const webhookStates = { enabled: '사용', failing: '실패 중', disabled: '꺼짐' } as const;
export type WebhookState = keyof typeof webhookStates;

/** The subject of a `webhook.test` event: it goes to this endpoint alone. */
export const testSubject = (webhookId: number) => `webhook/${webhookId}`;

/** Pauses before the second, third … attempt, in seconds: ten attempts over about three days, the first at once. */
const PAUSES = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
export const MOST_TRIES = PAUSES.length + 1;
/** A receiver that asks for a longer wait is asked again after a day. */
const LONGEST_WAIT = 86_400;

/**
 * Seconds until the attempt after `tries` failed ones, a fifth more or less by chance (0 ≤ chance < 1), so that what failed together does
 * not come together. Not before what the receiver asked for (Retry-After). null = there is no further attempt.
 */
export function pauseAfter(tries: number, { retryAfter = 0, chance }: { retryAfter?: number; chance: number }): number | null {
  const pause = PAUSES[tries - 1];
  return pause === undefined ? null : Math.max(pause * (0.8 + 0.4 * chance), Math.min(retryAfter, LONGEST_WAIT));
}
