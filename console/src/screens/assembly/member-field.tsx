import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, get } from '../../api/api.ts';
import { useSession } from '../../list/parts.tsx';
import { t } from '../../ui/texts.ts';

export interface Member {
  /** The user's 고객사; null = 물류사, which may choose one. */
  own: string | null;
  /** Whose products and plans are shown; '' = everybody's. */
  chosen: string;
  /** The 고객사 to use where the wire needs one and none was chosen. */
  fallback: string;
  /** As in the address, for links to the other tabs. */
  search: string;
}

/** Whose products and plans are shown: the token's own, or the one in the address. */
export function useChosenMember(): Member {
  const own = useSession().memberId;
  const [search] = useSearchParams();
  const chosen = own ?? search.get('member') ?? '';
  const { data = '' } = useQuery({
    queryKey: ['some member'],
    enabled: own === null && chosen === '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const { response } = await get(api.GET('/v2/shipping/products'));
      return response.data_list.find(({ member_id }) => member_id !== null)?.member_id ?? '';
    },
  });
  return { own, chosen, fallback: chosen || data, search: chosen ? `?member=${chosen}` : '' };
}

/** A 물류사 chooses a 고객사; a 고객사 sees its own name. `unchosen`: whose are shown when none was chosen. */
export function MemberField({ member, unchosen = t('all') }: { member: Member; unchosen?: string }) {
  const [, setSearch] = useSearchParams();
  const [typed, setTyped] = useState(member.chosen);
  useEffect(() => setTyped(member.chosen), [member.chosen]);
  if (member.own !== null) return <span className="muted">{t('ownMember', { no: member.own })}</span>;
  const put = (value: string) => {
    setTyped(value);
    if (value !== '' && !/^[1-9]\d{0,8}$/.test(value)) return;
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('page');
        if (value === '') next.delete('member');
        else next.set('member', value);
        return next;
      },
      { replace: true },
    );
  };
  return (
    <label>
      {t('memberId')}
      <input
        name="member"
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        placeholder={unchosen}
        onChange={(event) => put(event.target.value.trim())}
      />
    </label>
  );
}
