import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api, get } from '../../api/api.ts';
import { useStored } from '../../api/stored.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Pager, Table } from '../../list/table.tsx';
import { won } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import { DispatchPolicies } from './dispatch-policies.tsx';
import { useDispatchPolicies } from './dispatch-policy-form.tsx';
import { type Place, PlaceForm } from './place-form.tsx';
import { Policies } from './policies.tsx';
import { Quote } from './quote.tsx';
import { WaybillRanges } from './waybill-ranges.tsx';

const PLACES = '/item/v1/shipping/places';
const PAGE_SIZE = 20;

/** 출하지, their 묶음배송비 정책, and a quote for an order. */
export function Places() {
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [editing, edit] = useStored<{ form: Place | 'new' | null }>('places.editing', { form: null });
  const setEditing = (form: Place | 'new' | null) => edit(() => ({ form }));
  const page = Number(search.get('page')) || 1;
  const { data, error, refetch } = useQuery({
    queryKey: [PLACES, page],
    queryFn: () => get(api.GET(PLACES, { params: { query: { pageIndex: page, pageSize: PAGE_SIZE } } })),
    placeholderData: keepPreviousData,
  });
  const dispatchPolicies = useDispatchPolicies().data?.dispatchPolicies ?? [];
  const policyNames = new Map(dispatchPolicies.map((each) => [each.dispatchPolicyNo, each.dispatchPolicyName]));
  const go = (values: Record<string, number>) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(values)) next.set(name, String(value));
      return next;
    });
  const chosen = Number(search.get('place')) || data?.places[0]?.placeNo;
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  return (
    <div className="page two">
      <div>
        <section className="board">
          <div className="card-head">
            <h2>{t('placesTitle')}</h2>
            {may('policy.write') && (
              <button type="button" className="primary" onClick={() => setEditing('new')}>
                {t('newPlace')}
              </button>
            )}
          </div>
          <Table
            label={t('placesTitle')}
            heads={['placeNo', 'placeName', 'address', 'imposeType', 'surchargeBoth', 'dispatchPolicy', 'command']}
            rows={data?.places}
            empty={t('noPlaces')}
            row={(place) => (
              <tr key={place.placeNo} aria-current={place.placeNo === chosen}>
                <td>
                  <button type="button" className="link" onClick={() => go({ place: place.placeNo })}>
                    {place.placeNo}
                  </button>
                </td>
                <td>
                  {place.placeName}{' '}
                  {place.isDefaultShippingPlace && <span className="state state-delivered">{t('isDefault')}</span>}
                </td>
                <td className="wide">
                  {place.zipCode} {[place.addr1, place.addr2].filter(Boolean).join(' ')}
                </td>
                <td>{named('impose', place.imposeType)}</td>
                <td>
                  {place.isSetAdditionalShippingFee
                    ? `${won(place.jejuAdditionalShippingFee)} / ${won(place.backwoodsAdditionalShippingFee)}`
                    : t('none')}
                </td>
                <td>{place.dispatchPolicyNo === undefined ? t('isDefault') : (policyNames.get(place.dispatchPolicyNo) ?? '')}</td>
                <td>
                  {may('policy.write') && (
                    <button type="button" className="link" onClick={() => setEditing(place)}>
                      {t('edit')}
                    </button>
                  )}
                </td>
              </tr>
            )}
          />
          <Pager page={page} pages={Math.ceil((data?.totalCount ?? 0) / PAGE_SIZE)} onPage={(next) => go({ page: next })} />
        </section>
        {chosen !== undefined && <Policies key={chosen} placeNo={chosen} />}
        {chosen !== undefined && <WaybillRanges key={`ranges ${chosen}`} placeNo={chosen} />}
        <DispatchPolicies />
      </div>
      {data && <Quote places={data.places} first={chosen ?? null} />}
      {editing.form && (
        <PlaceForm
          place={editing.form === 'new' ? null : editing.form}
          onClose={() => setEditing(null)}
          onSaved={(placeNo) => go({ place: placeNo })}
        />
      )}
    </div>
  );
}
