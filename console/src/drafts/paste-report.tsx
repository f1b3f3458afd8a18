import { toast } from 'sonner';
import { t } from '../ui/texts.ts';
import type { Left } from '../waybills/place.ts';
import type { Pastes } from './paste.ts';
import './paste-report.css';

const whyOf = ({ why, what }: Left) => t(why, { what });

/** What a paste did not enter, as it was pasted, until it is closed: it can be copied, mended and pasted again. */
export function PasteReport<Row>({ isReading, report, close }: Pastes<Row>) {
  if (isReading)
    return (
      <p className="paste-reading muted" role="status">
        <span>{t('pasteReading')}</span>
      </p>
    );
  if (report === null) return null;
  const { told, left } = report;
  const copy = () =>
    navigator.clipboard.writeText(left.map((each) => `${each.text}\t${whyOf(each)}`).join('\r\n')).then(
      () => toast.success(t('pasteCopied', { n: left.length })),
      () => toast.error(t('pasteNotCopied')),
    );
  return (
    <section className="paste-report" aria-label={t('pasteReport')} role="alert">
      <div className="paste-report-line">
        <strong>{told}</strong>
        <span className="spread" />
        {left.length > 0 && (
          <button type="button" onClick={() => void copy()}>
            {t('pasteCopy')}
          </button>
        )}
        <button type="button" className="icon" aria-label={t('pasteClose')} onClick={close}>
          ×
        </button>
      </div>
      {left.length > 0 && (
        <ul>
          {left.map((each) => (
            <li key={each.line}>
              <span className="muted">{t('pasteLine', { n: each.line })}</span> <code>{each.text.replaceAll('\t', '  ')}</code>{' '}
              {whyOf(each)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
