import { Dialog } from '../ui/dialog.tsx';
import { t } from '../ui/texts.ts';

/** Every key of the console; a test presses each. */
const keys = [
  ['?', 'help.?'],
  ['Ctrl + K', 'help.find'],
  ['/', 'help./'],
  ['L', 'help.l'],
  ['Alt + 1…9', 'help.alt'],
  ['Space', 'help.space'],
  ['Shift + Space', 'help.shiftSpace'],
  ['Shift + ↑ ↓', 'help.shiftArrow'],
  ['Ctrl + A', 'help.selectAll'],
  ['Enter', 'help.enter'],
  ['J · K', 'help.step'],
  ['Ctrl + Enter', 'help.ctrl'],
  ['Ctrl + Shift + Enter', 'help.ctrlShift'],
  ['Ctrl + Z', 'help.undo'],
  ['↑ ↓', 'help.arrow'],
  ['Esc', 'help.esc'],
] as const;

/** The keys and what they do. */
export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('help')} onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
