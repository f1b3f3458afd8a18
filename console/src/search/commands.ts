import { lineTabs } from '../screens/deliveries/line-tabs.ts';
import { pickupTabs } from '../screens/pickups/pickup-tabs.ts';
import { switchLanguage } from '../ui/language.ts';
import { type TextKey, t } from '../ui/texts.ts';
import type { Act, Entry } from './entries.ts';

export interface Screen {
  path: string;
  title: TextKey;
}

const command = (id: string, text: string, act: Act): Entry => ({
  id: `command ${id}`,
  group: 'command',
  kind: 'findKind.command',
  text,
  note: '',
  isExact: false,
  act,
});
const go = (path: string): Act => ({ does: 'go', path });

/** Screens and commands that this person may open. */
export function places(screens: readonly Screen[], may: (permission: string) => boolean, help: () => void): Entry[] {
  const tabs = (base: TextKey, path: string, all: readonly { tab: string; name: TextKey }[]) =>
    all.map(({ tab, name }) => command(`${path}/${tab}`, `${t(base)} › ${t(name)}`, go(`${path}/${tab}`)));
  return [
    ...screens.map(
      ({ path, title }): Entry => ({
        id: `screen ${path}`,
        group: 'screen',
        kind: 'findKind.screen',
        text: t(title),
        note: '',
        isExact: false,
        act: go(path),
      }),
    ),
    ...(may('delivery.read') ? tabs('lines', '/lines', lineTabs) : []),
    ...(may('pickup.read') ? tabs('pickups', '/pickups', pickupTabs) : []),
    ...(may('delivery.write') ? [command('upload', t('findUpload'), go('/bulk'))] : []),
    ...(may('delivery.read') ? [command('person', t('findPerson'), go('/deliveries'))] : []),
    ...(may('batch.read') ? [command('batch', t('findBatch'), go('/batches'))] : []),
    command('language', t('findLanguage'), { does: 'run', run: switchLanguage }),
    command('help', t('findHelp'), { does: 'run', run: help }),
  ];
}

const plain = (text: string) => text.toLowerCase().replace(/\s/g, '');
/** Those whose name has every word that was typed; names that begin so come first. */
export function named(entries: readonly Entry[], typed: string): Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter(({ text }) => words.every((word) => plain(text).includes(word)));
  const first = plain(typed);
  return found.sort((a, b) => Number(plain(b.text).startsWith(first)) - Number(plain(a.text).startsWith(first)));
}
