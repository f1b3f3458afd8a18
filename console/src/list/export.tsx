import { useState } from 'react';
import { toast } from 'sonner';
import { download } from '../api/api.ts';
import { useStored } from '../api/stored.ts';
import { Dialog } from '../ui/dialog.tsx';
import { t } from '../ui/texts.ts';
import { type Params, queryOf } from './list.ts';
import { useMay } from './parts.tsx';

/** The list as a sheet, with its filters: masked; with personal data only for users who may see them and give a reason. */
export function ExcelButton({ path, params, name }: { path: string; params: Params; name: string }) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [unmasked, setUnmasked] = useState(false);
  const [reason, setReason] = useStored('excel.reason', '');
  const save = async (more: Params) => {
    setBusy(true);
    try {
      await download(`${path}/export.xlsx?${queryOf({ ...params, ...more })}`, name);
    } catch (error) {
      toast.error(
        t('wholeFailed', { command: t('excel'), why: error instanceof Error ? error.message || t('unreachable') : '' }),
      );
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" disabled={isBusy} onClick={() => (may('pii.read') ? setAsking(true) : void save({}))}>
        {t(isBusy ? 'excelBusy' : 'excel')}
      </button>
      {asking && (
        <Dialog
          title={t('excel')}
          submit={t('excelSave')}
          disabled={unmasked && reason.trim() === ''}
          onClose={() => setAsking(false)}
          onSubmit={() => {
            setAsking(false);
            void save(unmasked ? { unmasked: 'true', reason: reason.trim() } : {});
            setReason(() => '');
          }}
        >
          <label className="check">
            <input type="checkbox" name="unmasked" checked={unmasked} onChange={({ target }) => setUnmasked(target.checked)} />
            {t('excelUnmasked')}
          </label>
          {unmasked && (
            <label className="field">
              {t('reason')}
              <input
                name="reason"
                value={reason}
                maxLength={200}
                placeholder={t('reasonNeeded')}
                onChange={({ target }) => setReason(() => target.value)}
              />
              <span className="muted">{t('unmaskNote')}</span>
            </label>
          )}
        </Dialog>
      )}
    </>
  );
}
