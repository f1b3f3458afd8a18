import { type ReactNode, useId, useState } from 'react';
import { type Family, keyOf, type Target } from '../api/jobs.ts';
import { t } from '../ui/texts.ts';
import { asPartCommand, mostOf, type PartCommand, partSentence, partsSentence, quantityOf, shownQuantity } from './quantities.ts';

/** More fields than this are no table that somebody fills in. */
const MOST_FIELDS = 50;

interface PartLine {
  id: string;
  label: string;
  all: number;
}

/** How much of each line a command means: the fields of the dialog, and what they make of its targets. */
export function useParts(
  family: Family,
  name: string,
  rows: readonly { target: Target; label: string; all: number | undefined }[],
  onlyTitle: string,
): { fields: ReactNode; isPossible: boolean; isTable: boolean; withQuantity: (target: Target) => Target } {
  const command = asPartCommand(family, name);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [isChosen, setChosen] = useState(false);
  const lines = rows.flatMap(({ target, label, all }): PartLine[] =>
    command && all !== undefined && all > 1 ? [{ id: keyOf(target), label, all }] : [],
  );
  if (command === null || lines.length === 0)
    return { fields: null, isPossible: command !== 'split', isTable: false, withQuantity: (target) => target };
  // A split is nothing without its number; the others mean all unless somebody asks for less.
  const isAsked = command === 'split' || (command === 'report-stockout' && rows.length === 1) || isChosen;
  const isMany = lines.length > MOST_FIELDS;
  const found = new Map(lines.map(({ id, all }) => [id, { all, n: quantityOf(command, all, typed[id]) }]));
  const type = (id: string, text: string) => setTyped((before) => ({ ...before, [id]: text }));
  const shared = { command, typed, onType: type, isFirst: command !== 'split' && isChosen };
  return {
    isTable: isAsked && !isMany && lines.length === rows.length && lines.length > 1,
    isPossible: !isAsked || (!isMany && [...found.values()].every(({ n }) => n !== null)),
    withQuantity: (target) => {
      const line = found.get(keyOf(target));
      return isAsked && line && line.n !== null && line.n !== line.all ? ({ ...target, quantity: line.n } as Target) : target;
    },
    fields: (
      <>
        {command !== 'split' && !(command === 'report-stockout' && rows.length === 1) && (
          <label className="check">
            <input name="isPart" type="checkbox" checked={isChosen} onChange={({ target }) => setChosen(target.checked)} />
            {t('partOnly', { n: lines.length })}
          </label>
        )}
        {isAsked &&
          (isMany ? (
            <p className="note warn">{t('partTooMany', { n: MOST_FIELDS })}</p>
          ) : lines[0] && lines.length === 1 ? (
            <OneQuantity {...shared} line={lines[0]} title={onlyTitle} />
          ) : (
            <Quantities {...shared} lines={lines} />
          ))}
      </>
    ),
  };
}

interface FieldsProps {
  command: PartCommand;
  typed: Readonly<Record<string, string>>;
  onType: (id: string, text: string) => void;
  /** The keyboard goes to the first field as it appears. */
  isFirst: boolean;
}

/** Of one function for all, so that it is called as the field appears and not each time it is drawn. */
const takeFocus = (input: HTMLInputElement | null) => input?.focus();

/** A number that can be typed over at once; what is wrong with it stands beside it. */
function Quantity({
  line,
  command,
  typed,
  onType,
  isFirst,
  field,
  label,
}: FieldsProps & { line: PartLine; field?: string; label?: string }) {
  const { id, all } = line;
  const most = mostOf(command, all);
  const isWrong = quantityOf(command, all, typed[id]) === null;
  const why = useId();
  return (
    <span className="quantity">
      <input
        name="quantity"
        type="number"
        inputMode="numeric"
        min={1}
        max={most}
        autoComplete="off"
        data-line={id}
        aria-label={label}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? why : undefined}
        value={shownQuantity(command, all, typed[id])}
        onChange={({ target }) => onType(id, target.value)}
        onFocus={({ target }) => target.select()}
        {...(field === undefined ? {} : { id: field })}
        {...(isFirst ? { ref: takeFocus } : {})}
      />
      {isWrong && (
        <span id={why} className="red" role="alert">
          {t('partBounds', { most })}
        </span>
      )}
    </span>
  );
}

function OneQuantity({ line, title, isFirst, ...shared }: FieldsProps & { line: PartLine; title: string }) {
  const { id, all } = line;
  const n = quantityOf(shared.command, all, shared.typed[id]);
  const field = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={field}>{t('partQuantity', { command: title, most: mostOf(shared.command, all) })}</label>
        <Quantity {...shared} line={line} field={field} isFirst={isFirst} />
      </div>
      {n !== null && (
        <p className="note" aria-live="polite">
          {partSentence(shared.command, all, n)}
        </p>
      )}
    </>
  );
}

/** A number a line; Tab goes to the next, Enter sends them all. */
function Quantities({ lines, isFirst, ...shared }: FieldsProps & { lines: readonly PartLine[] }) {
  const { command, typed } = shared;
  const numbers = lines.map(({ id, all }) => ({ all, n: quantityOf(command, all, typed[id]) }));
  const known = numbers.flatMap(({ all, n }) => (n === null ? [] : [{ all, n }]));
  return (
    <>
      <div className="quantities">
        <table className="plain">
          <thead>
            <tr>
              <th>{t('partLine')}</th>
              <th>{t('partOf')}</th>
              <th>{t('quantity')}</th>
              <th>{t('partLeft')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, at) => {
              const n = numbers[at]?.n ?? null;
              return (
                <tr key={line.id}>
                  <td>{line.label}</td>
                  <td>{line.all}</td>
                  <td>
                    <Quantity {...shared} line={line} label={`${line.id} ${t('quantity')}`} isFirst={isFirst && at === 0} />
                  </td>
                  <td>{n === null ? '' : line.all - n}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {known.length === lines.length && (
        <p className="note" aria-live="polite">
          {partsSentence(command, known)}
        </p>
      )}
    </>
  );
}
