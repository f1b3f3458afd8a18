import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { sentenceOf } from '../api/sentences.ts';
import { useMay } from '../list/parts.tsx';
import { withOpened } from '../ui/opened.ts';
import { t } from '../ui/texts.ts';
import { named, places, type Screen } from './commands.ts';
import type { Entry } from './entries.ts';
import { FoundList, optionId } from './found-list.tsx';
import { onlyOf } from './matches.ts';
import { isSurelyPhone, type Term, termOf } from './term.ts';
import { useFound, usePhone } from './use-found.ts';

interface PaletteProps {
  screens: readonly Screen[];
  onHelp: () => void;
  /** What had the focus before. */
  onBefore: (element: Element | null) => void;
  /** Something was chosen; `isAway` = it opened a detail or a screen. */
  onDone: (isAway: boolean) => void;
}

/** A field and what it finds: entries are chosen by arrows and Enter, or by a click. */
export function Palette({ screens, onHelp, onBefore, onDone }: PaletteProps) {
  const may = useMay();
  const navigate = useNavigate();
  const location = useLocation();
  const [typed, setTyped] = useState('');
  const [insisted, setInsisted] = useState<string | null>(null);
  const [phone, setPhone] = useState<string | null>(null);
  /** The entry that the person has moved to. */
  const [chosen, setChosen] = useState<string | null>(null);
  /** Enter was pressed on this before its answer was there. */
  const [awaited, setAwaited] = useState<Term | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const term = useMemo(() => termOf(typed, insisted), [typed, insisted]);
  const inPickups = location.pathname.startsWith('/pickups');
  const found = useFound(term, inPickups);
  const people = usePhone(phone);
  const local = named(places(screens, may, onHelp), term.text);
  const entries =
    phone === null
      ? [...found.numbers, ...asksOf(term, may('delivery.read')), ...local, ...found.products].sort(
          (a, b) => Number(isFirst(b)) - Number(isFirst(a)),
        )
      : people.people;
  const at = Math.max(
    0,
    entries.findIndex(({ id }) => id === chosen),
  );
  const isBusy = phone === null ? term.text !== '' && found.isBusy : people.isBusy;
  const error = phone === null ? found.error : people.error;

  // Before the dialog takes the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useLayoutEffect(() => {
    onBefore(document.activeElement);
    input.current?.focus();
  }, []);

  const type = (text: string) => {
    setTyped(text);
    setPhone(null);
    setChosen(null);
    setAwaited(null);
  };
  const choose = ({ act }: Entry) => {
    if (act.does === 'phone') {
      setChosen(null);
      setPhone(act.phone);
    } else if (act.does === 'number') {
      setChosen(null);
      setInsisted(term.key);
    } else if (act.does === 'run') {
      onDone(false);
      act.run();
    } else if (act.does === 'go') {
      onDone(true);
      void navigate(act.path);
    } else {
      onDone(true);
      const isElsewhere = act.path !== undefined && act.path !== location.pathname;
      const search = withOpened(new URLSearchParams(isElsewhere ? '' : location.search), act.opened);
      void navigate({ pathname: act.path ?? location.pathname, search: `${search}` });
    }
  };
  const enter = () => {
    const entry = entries[at];
    if (phone === null && chosen === null && term.number !== null && !found.isSettled && (term.isCode || !entry)) {
      setAwaited(term);
      found.ask();
    } else if (entry) choose(entry);
  };

  // A scan ends with Enter before its answer has come: the only number that it can mean opens by itself.
  useEffect(() => {
    if (awaited === null || awaited !== term || !found.isSettled) return;
    setAwaited(null);
    const only = onlyOf(found.numbers, inPickups);
    if (only) choose(only);
  });

  const press = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setChosen(entries[(at + step + entries.length) % entries.length]?.id ?? null);
    else if (event.key === 'Enter') enter();
    else return;
    event.preventDefault();
  };
  const active = entries[at];
  return (
    <>
      <div className="find-head">
        <input
          ref={input}
          name="find"
          type="text"
          role="combobox"
          aria-label={t('findTitle')}
          aria-expanded={entries.length > 0}
          aria-controls="find-list"
          aria-autocomplete="list"
          aria-activedescendant={active ? optionId(active) : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={t('findHint')}
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
        />
      </div>
      <FoundList entries={entries} active={active} onMove={(entry) => setChosen(entry.id)} onChoose={choose} />
      {error && (
        <p className="find-note red" role="alert">
          {sentenceOf(error)}
        </p>
      )}
      <div className="find-foot">
        <span role="status">
          {isBusy ? t('findBusy') : entries.length === 0 ? t('findNothing') : t('findCount', { n: entries.length })}
          {phone === null && found.isMore && ` ${t('findMore')}`}
        </span>
        <span className="muted">{t('findKeys')}</span>
      </div>
    </>
  );
}

/** An exact number is always first, and a mobile number is a phone before anything else. */
const isFirst = ({ isExact, act }: Entry) => isExact || (act.does === 'phone' && isSurelyPhone(act.phone));

/** What is asked only when the person chooses it. */
function asksOf({ key, phone, isLikePhone }: Term, may: boolean): Entry[] {
  if (!may) return [];
  const isEnd = phone?.length === 4;
  const asked = { group: 'phone' as const, isExact: false };
  const byPhone: Entry[] =
    phone === null
      ? []
      : [
          {
            ...asked,
            id: 'phone',
            kind: 'findKind.phone',
            text: t(isEnd ? 'findPhoneEnd' : 'findPhone', { phone }),
            note: t('findPhoneNote'),
            act: { does: 'phone', phone },
          },
        ];
  const byNumber: Entry[] = isLikePhone
    ? [
        {
          ...asked,
          id: 'number',
          kind: 'findKind.number',
          text: t('findAsNumber', { no: key }),
          note: '',
          act: { does: 'number' },
        },
      ]
    : [];
  return [...byNumber, ...byPhone];
}
