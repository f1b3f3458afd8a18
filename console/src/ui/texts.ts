import { languageNow } from './language.ts';
import { assemblyTexts } from './texts/assembly.ts';
import { bulkShipmentsTexts } from './texts/bulk-shipments.ts';
import { commandsTexts } from './texts/commands.ts';
import { deliveriesTexts } from './texts/deliveries.ts';
import { dispatchTexts } from './texts/dispatch.ts';
import { eventTypesTexts } from './texts/events/types.ts';
import { webhooksTexts } from './texts/events/webhooks.ts';
import { homeTexts } from './texts/home.ts';
import { listsTexts } from './texts/lists.ts';
import { operationsTexts } from './texts/operations.ts';
import { workBatchesTexts } from './texts/packing/work-batches.ts';
import { panelTexts } from './texts/panel.ts';
import { pickupsTexts } from './texts/pickups.ts';
import { searchTexts } from './texts/search.ts';
import { sharedTexts } from './texts/shared.ts';
import { shippingTexts } from './texts/shipping.ts';
import { startTexts } from './texts/start.ts';
import { valuesTexts } from './texts/values.ts';

/** Every text of the console, in Korean and English; `{n}` is replaced by a value. No key is in two tables. */
const texts = {
  ...startTexts,
  ...commandsTexts,
  ...listsTexts,
  ...deliveriesTexts,
  ...pickupsTexts,
  ...panelTexts,
  ...searchTexts,
  ...homeTexts,
  ...dispatchTexts,
  ...workBatchesTexts,
  ...shippingTexts,
  ...assemblyTexts,
  ...bulkShipmentsTexts,
  ...operationsTexts,
  ...webhooksTexts,
  ...eventTypesTexts,
  ...valuesTexts,
  ...sharedTexts,
};

export type TextKey = keyof typeof texts;

/** A text in the current language. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const text: string = texts[key][languageNow() === 'ko' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? value.toLocaleString(languageNow()) : value;
  });
}

const isKey = (key: string): key is TextKey => key in texts;
/** The text for a value from the API (`state.shipped`); the value itself if there is none. */
export function named(group: string, value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '';
  const key = `${group}.${value}`;
  return isKey(key) ? t(key) : String(value);
}

/** The texts `group.1`, `group.2` and so on. */
export function numbered(group: string): string[] {
  const found: string[] = [];
  for (let key = `${group}.1`; isKey(key); key = `${group}.${found.length + 1}`) found.push(t(key));
  return found;
}

/** A name that the API gives in Korean (`name`), in the current language. */
export const shownName = (group: string, value: string | number, name: string): string =>
  languageNow() === 'ko' ? name : named(group, value);

/** The name of a command, as on buttons and in histories. */
export const commandName = (family: string, command: string): string => {
  const key = `${family}.${command}`;
  return isKey(key) ? t(key) : isKey(command) ? t(command) : command;
};
