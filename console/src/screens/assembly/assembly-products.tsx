import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { api, get, type Schemas } from '../../api/api.ts';
import { useStored } from '../../api/stored.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Pager, Table } from '../../list/table.tsx';
import { t } from '../../ui/texts.ts';
import { AssemblyForm, AssemblyPaste } from './assembly-form.tsx';
import { type Member, MemberField } from './member-field.tsx';

const PRODUCTS = '/v2/assembly/products';
export type AssemblyProduct = Schemas['AssemblyProduct'];
type Editing = AssemblyProduct | 'new' | 'many' | null;

/** 가공품: which materials make which product. The wire shows one 고객사's at a time. */
export function AssemblyProducts({ member }: { member: Member }) {
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [{ form: editing }, edit] = useStored<{ form: Editing }>('assembly.editing', { form: null });
  const setEditing = (form: Editing) => edit(() => ({ form }));
  const page = Number(search.get('page')) || 1;
  const { data, error, refetch } = useQuery({
    queryKey: [PRODUCTS, member.fallback, page],
    enabled: member.fallback !== '',
    queryFn: async () => {
      const query = { page, ...(member.own === null ? { member_id: Number(member.fallback) } : {}) };
      return (await get(api.GET(PRODUCTS, { params: { query } }))).response;
    },
    placeholderData: keepPreviousData,
  });
  const shown = member.fallback === '' ? [] : data?.data_list;
  return (
    <>
      <div className="form">
        <MemberField member={member} unchosen={member.fallback} />
        {member.own === null && member.chosen === '' && member.fallback && (
          <span className="muted">{t('shownMember', { no: member.fallback })}</span>
        )}
        <span className="spread" />
        {data && <span className="muted">{t('inAll', { n: data.total_count })}</span>}
        {may('assembly.write') && (
          <>
            <button type="button" onClick={() => setEditing('many')}>
              {t('pasteMany')}
            </button>
            <button type="button" className="primary" onClick={() => setEditing('new')}>
              {t('newProduct')}
            </button>
          </>
        )}
      </div>
      {error && !data ? (
        <Trouble error={error} again={() => void refetch()} />
      ) : (
        <Table
          label={t('products')}
          heads={['productId', 'productName', 'materials', 'comment', 'command']}
          rows={shown}
          empty={t(member.fallback === '' ? 'chooseMember' : 'noProductsYet')}
          row={(product) => (
            <tr key={product.assembly_product_uid} data-product={product.shipping_product_id}>
              <td>{product.shipping_product_id}</td>
              <td>{product.product_name}</td>
              <td>{product.item_list.map((item) => `${item.product_name} ×${item.quantity}`).join(', ')}</td>
              <td className="muted">{product.comment}</td>
              <td>
                {may('assembly.write') && (
                  <button type="button" className="link gap" onClick={() => setEditing(product)}>
                    {t('edit')}
                  </button>
                )}
                <Link className="link" to={`/assembly/plans?assembly_product_uid=${product.assembly_product_uid}`}>
                  {t('plans')}
                </Link>
              </td>
            </tr>
          )}
        />
      )}
      <Pager
        page={page}
        pages={data?.total_page ?? 1}
        onPage={(next) => setSearch({ ...Object.fromEntries(search), page: String(next) })}
      />
      {editing === 'many' && <AssemblyPaste member={member} onClose={() => setEditing(null)} />}
      {editing !== null && editing !== 'many' && (
        <AssemblyForm member={member} product={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}
