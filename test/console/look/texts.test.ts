import { describe, expect, test } from '@jest/globals';
import { PERSONAL_FIELDS } from '../../../api/deliveries/people.ts';
import { permissions } from '../../../api/http/auth.ts';
import { PICKUP_PERSONAL_FIELDS } from '../../../api/pickups/detail.ts';
import { assemblyTexts } from '../../../console/src/ui/texts/assembly.ts';
import { bulkShipmentsTexts } from '../../../console/src/ui/texts/bulk-shipments.ts';
import { commandsTexts } from '../../../console/src/ui/texts/commands.ts';
import { deliveriesTexts } from '../../../console/src/ui/texts/deliveries.ts';
import { dispatchTexts } from '../../../console/src/ui/texts/dispatch.ts';
import { eventTypesTexts } from '../../../console/src/ui/texts/events/types.ts';
import { webhooksTexts } from '../../../console/src/ui/texts/events/webhooks.ts';
import { homeTexts } from '../../../console/src/ui/texts/home.ts';
import { listsTexts } from '../../../console/src/ui/texts/lists.ts';
import { operationsTexts } from '../../../console/src/ui/texts/operations.ts';
import { panelTexts } from '../../../console/src/ui/texts/panel.ts';
import { pickupsTexts } from '../../../console/src/ui/texts/pickups.ts';
import { sharedTexts } from '../../../console/src/ui/texts/shared.ts';
import { shippingTexts } from '../../../console/src/ui/texts/shipping.ts';
import { startTexts } from '../../../console/src/ui/texts/start.ts';
import { valuesTexts } from '../../../console/src/ui/texts/values.ts';
import { planStatus } from '../../../domain/assembly.ts';
import { delayReasons } from '../../../domain/deliveries/delay.ts';
import { deliveryStates } from '../../../domain/deliveries/line.ts';
import { deliveryMachine } from '../../../domain/deliveries/machine.ts';
import { methods } from '../../../domain/delivery-method.ts';
import { dispatchTypes, dueBys } from '../../../domain/dispatch/policy.ts';
import { dispatchStatuses } from '../../../domain/dispatch/status.ts';
import { eventTypes } from '../../../domain/events/types.ts';
import { disabledReasons, webhookDeliveryStates, webhookStates } from '../../../domain/events/webhook.ts';
import { noticeReasons, noticeStates, noticeTypes } from '../../../domain/notices/notice.ts';
import { noticeSources } from '../../../domain/notices/rule.ts';
import { pickupMachine } from '../../../domain/pickups/machine.ts';
import { pickupStates, reasonCodes } from '../../../domain/pickups/pickup.ts';
import { exceptionKinds, trackingLevels } from '../../../domain/tracking.ts';

const tables = {
  assemblyTexts,
  bulkShipmentsTexts,
  commandsTexts,
  deliveriesTexts,
  dispatchTexts,
  eventTypesTexts,
  homeTexts,
  listsTexts,
  operationsTexts,
  panelTexts,
  pickupsTexts,
  sharedTexts,
  shippingTexts,
  startTexts,
  valuesTexts,
  webhooksTexts,
};
const all: Record<string, readonly [string, string]> = Object.assign({}, ...Object.values(tables));
const hangul = /\p{Script=Hangul}/u;

/** Words and keys (F: F9) that Korean operators write in Latin letters too. */
const latin = new Set(
  'IP API KRW Space Shift Ctrl C F Enter Esc Alt xlsx csv MB ms https e n Temporal worker npm start OIDC_AUTHORITY OIDC_CLIENT_ID'.split(
    ' ',
  ),
);

describe('every text is in the language of who reads it', () => {
  test('no Korean text has a word of English left', () => {
    const left = Object.entries(all)
      .filter(([key]) => key !== 'language')
      .flatMap(([key, [ko]]) => (ko.replace(/\{\w+\}/g, '').match(/[A-Za-z_]+/g) ?? []).map((word) => `${key}: ${word}`))
      .filter((each) => !latin.has(each.split(': ')[1] ?? ''));
    expect(left).toEqual([]);
  });

  test('no English text has a letter of Korean, and both have the same values', () => {
    const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const korean = Object.entries(all).filter(([key, [, en]]) => key !== 'language' && hangul.test(en));
    const unlike = Object.entries(all).filter(([, [ko, en]]) => values(ko).join() !== values(en).join());
    expect([korean, unlike].map((found) => found.map(([key]) => key))).toEqual([[], []]);
  });

  test('no key is in two tables', () => {
    const keys = Object.values(tables).flatMap((table) => Object.keys(table));
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  test('whatever the API can name has a text: nobody reads a key', () => {
    const under = (group: string, values: Iterable<string | number>) => [...values].map((value) => `${group}.${value}`);
    const fields = [...PERSONAL_FIELDS, ...PICKUP_PERSONAL_FIELDS].flatMap((field) => field.split('.'));
    const needed = [
      ...under('state', Object.keys(deliveryStates)),
      ...under('pstate', Object.keys(pickupStates)),
      ...under('method', Object.keys(methods)),
      ...under('reason', Object.keys(reasonCodes)),
      ...under('level', Object.keys(trackingLevels)),
      ...under('exceptionKind', Object.keys(exceptionKinds)),
      ...under('noticeState', Object.keys(noticeStates)),
      ...under('noticeReason', Object.keys(noticeReasons)),
      ...under('noticeType', noticeTypes),
      ...under('noticeSource', Object.keys(noticeSources)),
      ...under('plan', Object.values(planStatus)),
      ...under('permission', permissions),
      ...under('personal', new Set([...fields, 'receiverName', 'ordererName', 'phone'])),
      ...under('due', Object.keys(dispatchStatuses)),
      ...under('dueBy', Object.keys(dueBys)),
      ...under('delayReason', Object.keys(delayReasons)),
      ...under('dispatchType', Object.keys(dispatchTypes)),
      ...under('eventType', Object.keys(eventTypes)),
      ...under('webhook', Object.keys(webhookStates)),
      ...under('disabledReason', Object.keys(disabledReasons)),
      ...under('disabledShort', Object.keys(disabledReasons)),
      ...under('told', Object.keys(webhookDeliveryStates)),
      ...under('kind', ['order', 'exchange', 'return']),
    ];
    const commands = [
      ...under('delivery-lines', Object.keys(deliveryMachine.commands)),
      ...under('pickups', Object.keys(pickupMachine.commands)),
    ];
    expect([...needed, ...commands].filter((key) => !(key in all))).toEqual([]);
  });
});
