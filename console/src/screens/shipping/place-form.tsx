import type { Schemas } from '../../api/api.ts';
import { useDraft } from '../../commands/draft.ts';
import { CallDialog, Check, Choice, NumberField, TextField } from '../../commands/form.tsx';
import { named, t } from '../../ui/texts.ts';
import { useDispatchPolicies } from './dispatch-policy-form.tsx';

const PLACES = '/item/v1/shipping/places';
export type Place = Schemas['ShippingPlace'];

type Form = Omit<
  Place,
  'placeNo' | 'addr2' | 'jejuAdditionalShippingFee' | 'backwoodsAdditionalShippingFee' | 'dispatchPolicyNo'
> & {
  addr2: string;
  dispatchPolicyNo?: number | null;
  jejuAdditionalShippingFee: number | null;
  backwoodsAdditionalShippingFee: number | null;
};
const blank: Form = {
  placeName: '',
  zipCode: '',
  addr1: '',
  addr2: '',
  isDefaultShippingPlace: false,
  isSetAdditionalShippingFee: false,
  jejuAdditionalShippingFee: 3_000,
  backwoodsAdditionalShippingFee: 5_000,
  imposeType: 1,
  dispatchPolicyNo: null,
};

const given = (text: string | null) => text?.trim() || null;

/** Adds a place, or changes one as a whole; the form shows the API's errors. */
export function PlaceForm({
  place,
  onClose,
  onSaved,
}: {
  place: Place | null;
  onClose: () => void;
  onSaved: (placeNo: number) => void;
}) {
  const [form, set, forget] = useDraft<Form>(
    `place.${place?.placeNo ?? 'new'}`,
    place ? { ...place, addr2: place.addr2 ?? '' } : blank,
  );
  const policies = useDispatchPolicies().data?.dispatchPolicies ?? [];
  const title = place ? t('editPlace', { no: String(place.placeNo) }) : t('newPlace');
  return (
    <CallDialog
      title={title}
      submit={t('save')}
      needs={[
        [t('placeName'), form.placeName],
        [t('zipCode'), form.zipCode],
        [t('addr1'), form.addr1],
        ...(form.isSetAdditionalShippingFee
          ? [[t('jeju'), form.jejuAdditionalShippingFee] as const, [t('remote'), form.backwoodsAdditionalShippingFee] as const]
          : []),
      ]}
      call={() => ({
        method: place ? 'PUT' : 'POST',
        path: place ? `${PLACES}/${place.placeNo}` : PLACES,
        body: {
          ...form,
          placeName: given(form.placeName),
          zipCode: given(form.zipCode),
          addr1: given(form.addr1),
          addr2: given(form.addr2),
        },
      })}
      reads={[PLACES, 'policies', 'quote']}
      onClose={() => {
        forget();
        onClose();
      }}
      onDone={(answer) => {
        const placeNo: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'placeNo') : null;
        if (typeof placeNo === 'number') onSaved(placeNo);
      }}
    >
      <div className="fields">
        <TextField label="placeName" name="placeName" value={form.placeName} onChange={(placeName) => set({ placeName })} />
        <TextField label="zipCode" name="placeZip" value={form.zipCode} onChange={(zipCode) => set({ zipCode })} />
        <TextField label="addr1" name="addr1" value={form.addr1} onChange={(addr1) => set({ addr1 })} />
        <TextField label="addr2" name="addr2" value={form.addr2} onChange={(addr2) => set({ addr2 })} />
        <Choice
          label="imposeType"
          name="imposeType"
          value={String(form.imposeType)}
          onChange={(value) => set({ imposeType: Number(value) })}
          options={['1', '2'].map((value) => ({ value, label: named('impose', value) }))}
        />
        <Choice
          label="dispatchPolicy"
          name="dispatchPolicyNo"
          value={String(form.dispatchPolicyNo ?? '')}
          onChange={(value) => set({ dispatchPolicyNo: value === '' ? null : Number(value) })}
          options={[
            { value: '', label: t('byDefaultPolicy') },
            ...policies.map((each) => ({ value: String(each.dispatchPolicyNo), label: each.dispatchPolicyName })),
          ]}
        />
        <Check
          label="defaultPlace"
          name="isDefaultShippingPlace"
          value={form.isDefaultShippingPlace}
          onChange={(isDefaultShippingPlace) => set({ isDefaultShippingPlace })}
        />
        <Check
          label="surchargeOn"
          name="isSetAdditionalShippingFee"
          value={form.isSetAdditionalShippingFee}
          onChange={(isSetAdditionalShippingFee) => set({ isSetAdditionalShippingFee })}
        />
        {form.isSetAdditionalShippingFee && (
          <>
            <NumberField
              label="jeju"
              name="jeju"
              value={form.jejuAdditionalShippingFee}
              onChange={(jejuAdditionalShippingFee) => set({ jejuAdditionalShippingFee })}
            />
            <NumberField
              label="remote"
              name="remote"
              value={form.backwoodsAdditionalShippingFee}
              onChange={(backwoodsAdditionalShippingFee) => set({ backwoodsAdditionalShippingFee })}
            />
          </>
        )}
      </div>
    </CallDialog>
  );
}
