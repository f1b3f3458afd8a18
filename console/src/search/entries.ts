import type { Opened } from '../ui/opened.ts';
import type { TextKey } from '../ui/texts.ts';

export type Group = 'number' | 'phone' | 'screen' | 'command' | 'product';

/** What choosing an entry does. */
export type Act =
  | { does: 'open'; opened: Opened; path?: string }
  | { does: 'go'; path: string }
  | { does: 'run'; run: () => void }
  /** Asks the audited search; it writes an access record, so only a person's choice does it. */
  | { does: 'phone'; phone: string }
  /** Looks for digits as a number although they look like a phone. */
  | { does: 'number' };

export interface Entry {
  id: string;
  group: Group;
  kind: TextKey;
  text: string;
  note: string;
  isExact: boolean;
  act: Act;
}
