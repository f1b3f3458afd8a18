import { useQuery } from '@tanstack/react-query';
import { api, get } from '../../api/api.ts';
import { useCall } from '../../api/calls.ts';
import { useStored } from '../../api/stored.ts';
import { Trouble, useCarriers, useMay } from '../../list/parts.tsx';
import { Table } from '../../list/table.tsx';
import { named, t } from '../../ui/texts.ts';
import { bodyOf, RANGES, type WaybillRange, WaybillRangeForm } from './waybill-range-form.tsx';

/** 운송장 대역 of a place: numbers of carriers, from which 출고완료 without a waybill takes the next one. */
export function WaybillRanges({ placeNo }: { placeNo: number }) {
  const may = useMay();
  const carriers = useCarriers();
  const [editing, edit] = useStored<{ form: WaybillRange | 'new' | null }>(`ranges.${placeNo}`, { form: null });
  const setEditing = (form: WaybillRange | 'new' | null) => edit(() => ({ form }));
  const call = useCall(RANGES);
  const { data, error, refetch } = useQuery({
    queryKey: [RANGES, placeNo],
    queryFn: () => get(api.GET(RANGES, { params: { query: { placeNo } } })),
  });
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  const nameOf = (code: string) => carriers.find((carrier) => carrier.code === code)?.name ?? code;
  const pause = (range: WaybillRange) =>
    call.mutate({
      method: 'PUT',
      path: `${RANGES}/${range.rangeNo}`,
      body: { ...bodyOf(range), paused: !range.paused },
      what: t(range.paused ? 'resume' : 'pause'),
    });
  return (
    <section className="board" aria-label={t('ranges')}>
      <div className="card-head">
        <h2>{t('ranges')}</h2>
        {may('policy.write') && (
          <button type="button" className="primary" onClick={() => setEditing('new')}>
            {t('newRange')}
          </button>
        )}
      </div>
      <Table
        label={t('ranges')}
        heads={['rangeNo', 'carrierCode', 'rangeNumbers', 'rangeNext', 'rangeUsed', 'rangeLeft', 'state', 'command']}
        right={['rangeUsed', 'rangeLeft']}
        rows={data?.items}
        empty={t('noRanges')}
        row={(range) => (
          <tr key={range.rangeNo} data-range={range.rangeNo}>
            <td>{range.rangeNo}</td>
            <td>
              {nameOf(range.carrierCode)} {range.autoWaybill && <span className="state state-delivered">{t('isDefault')}</span>}
            </td>
            <td className="wide">
              {range.from} – {range.to}
            </td>
            <td>{range.nextWaybillNo ?? ''}</td>
            <td className="right">{range.used.toLocaleString()}</td>
            <td className="right">
              {range.left.toLocaleString()} {range.low && <span className="age late">{t('rangeLow')}</span>}
            </td>
            <td>{named('rangeState', range.state)}</td>
            <td>
              {may('policy.write') && (
                <>
                  <button type="button" className="link gap" onClick={() => setEditing(range)}>
                    {t('edit')}
                  </button>
                  {range.state !== 'used-up' && (
                    <button type="button" className="link" disabled={call.isPending} onClick={() => pause(range)}>
                      {t(range.paused ? 'resume' : 'pause')}
                    </button>
                  )}
                </>
              )}
            </td>
          </tr>
        )}
      />
      {editing.form && (
        <WaybillRangeForm
          placeNo={placeNo}
          range={editing.form === 'new' ? null : editing.form}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}
