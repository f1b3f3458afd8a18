import { type ReactNode, useState } from 'react';
import { ApiError } from '../api/api.ts';
import { type Call, useCall } from '../api/calls.ts';
import { Dialog } from '../ui/dialog.tsx';
import { type TextKey, t } from '../ui/texts.ts';

/** The API's refusal, shown in the form. */
export function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null;
  const code = error instanceof ApiError ? error.code : '';
  return (
    <p className="note bad" role="alert">
      {error.message || t('unreachable')} <code>{code}</code>
    </p>
  );
}

/** A dialog around one call: it stays open, with all input, until the API has accepted it. */
export function CallDialog({
  title,
  submit,
  call: asked,
  reads,
  onClose,
  onDone,
  danger = false,
  disabled = false,
  needs = [],
  children,
}: {
  title: string;
  submit: string;
  /** Names and values of the fields that must not be empty: asked for here, in a person's words. */
  needs?: readonly (readonly [name: string, value: string | number | null])[];
  call: () => Omit<Call, 'what' | 'atForm'>;
  /** Queries to reload afterwards. */
  reads: string[];
  onClose: () => void;
  onDone?: (answer: unknown) => void;
  danger?: boolean;
  disabled?: boolean;
  children?: ReactNode | ((error: Error | null) => ReactNode);
}) {
  const call = useCall(...reads);
  const [isTried, setTried] = useState(false);
  const missing = needs.filter(([, value]) => value === null || String(value).trim() === '').map(([name]) => name);
  const send = () => {
    setTried(true);
    if (missing.length > 0) return;
    call.mutate(
      { ...asked(), what: title, atForm: true },
      {
        onSuccess: (answer) => {
          onDone?.(answer);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={title}
      submit={call.isPending ? t('isSending') : submit}
      // Cannot be closed while the call is running, because nobody would see a refusal.
      onClose={() => call.isPending || onClose()}
      onSubmit={send}
      danger={danger}
      disabled={disabled || call.isPending}
    >
      {typeof children === 'function' ? children(call.error) : children}
      {isTried && missing.length > 0 ? (
        <p className="note bad" role="alert">
          {t('fillIn', { fields: missing.join(', ') })}
        </p>
      ) : (
        <Refusal error={call.error} />
      )}
    </Dialog>
  );
}

interface FieldProps<T> {
  label: TextKey;
  name: string;
  value: T;
  onChange: (value: T) => void;
}

export function TextField({ label, name, value, onChange, ...more }: FieldProps<string> & { type?: string; list?: string }) {
  return (
    <label className="field">
      {t(label)}
      <input name={name} value={value} autoComplete="off" onChange={(event) => onChange(event.target.value)} {...more} />
    </label>
  );
}

/** Empty input is null; the API judges it. */
export function NumberField({ label, name, value, onChange }: FieldProps<number | null>) {
  return (
    <label className="field">
      {t(label)}
      <input
        name={name}
        type="number"
        step="any"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
      />
    </label>
  );
}

export function Check({ label, name, value, onChange }: FieldProps<boolean>) {
  return (
    <label className="check">
      <input name={name} type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {t(label)}
    </label>
  );
}

export function Choice({
  label,
  name,
  value,
  onChange,
  options,
}: FieldProps<string> & { options: { value: string; label: string }[] }) {
  return (
    <label className="field">
      {t(label)}
      <select name={name} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
