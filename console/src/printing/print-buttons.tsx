import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { raw } from '../api/api.ts';
import { sentenceOf } from '../api/sentences.ts';
import { useStored } from '../api/stored.ts';
import { useMay } from '../list/parts.tsx';
import { t } from '../ui/texts.ts';
import './printing.css';

/** What is printed: deliveries whole, single lines, or a batch of work. */
export type ToPrint = { deliveryNos: string[] } | { lines: { deliveryNo: string; lineNo: number }[] } | { workBatchNo: number };

const papers = ['100x150', 'A4'] as const;

/**
 * Opens a PDF in a tab of its own, from where it is printed. The tab is opened at the click, because browsers refuse one that is
 * opened when the answer comes; if there is none, it is closed and the reason is told here.
 */
async function openPrint(what: string, body: object): Promise<void> {
  const tab = window.open('', '_blank');
  try {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const url = URL.createObjectURL(await (await raw(`/api/bo/v1/prints/${what}`, init)).blob());
    if (tab) tab.location.href = url;
    else toast.error(t('printBlocked'));
  } catch (error) {
    tab?.close();
    toast.error(t('wholeFailed', { command: t('print'), why: error instanceof Error ? sentenceOf(error) : t('unreachable') }));
  }
}

/** 피킹 리스트, 패킹 리스트 and, for those who may see receivers, 라벨. */
export function PrintButtons({ target }: { target: ToPrint }) {
  const may = useMay();
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [paper, setPaper] = useStored<string>('print.paper', papers[0]);
  const button = (what: string, text: 'printed.picking-list' | 'printed.packing-list' | 'printLabels', more: object = {}) => (
    <button
      type="button"
      disabled={isBusy}
      onClick={async () => {
        setBusy(true);
        await openPrint(what, { ...target, ...more });
        setBusy(false);
        void client.invalidateQueries({ queryKey: ['detail', 'delivery'] });
      }}
    >
      {t(text)}
    </button>
  );
  return (
    <fieldset className="prints" aria-label={t('print')}>
      {button('picking-list', 'printed.picking-list')}
      {button('packing-list', 'printed.packing-list')}
      {may('pii.read') && (
        <>
          {button('labels', 'printLabels', { paper })}
          <select aria-label={t('paper')} value={paper} onChange={({ target: { value } }) => setPaper(() => value)}>
            {papers.map((each) => (
              <option key={each} value={each}>
                {t(`paper.${each}`)}
              </option>
            ))}
          </select>
        </>
      )}
    </fieldset>
  );
}
