import { Link, useParams } from 'react-router';
import { named, t } from '../../ui/texts.ts';
import { AssemblyProducts } from './assembly-products.tsx';
import { useChosenMember } from './member-field.tsx';
import { Plans } from './plans.tsx';
import { ShippingProducts } from './shipping-products.tsx';

const tabs = ['plans', 'products', 'stock'] as const;

/** 가공계획, 가공품 and the stock of 출고상품, in tabs. */
export function Assembly() {
  const given = useParams()['*'] || 'plans';
  const member = useChosenMember();
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t('assembly')}>
        {tabs.map((tab) => (
          <Link key={tab} role="tab" aria-selected={tab === given} to={`/assembly/${tab}${member.own ? '' : member.search}`}>
            {named('assemblyTab', tab)}
          </Link>
        ))}
      </div>
      <div className="page">
        {given === 'plans' && <Plans member={member} />}
        {given === 'products' && <AssemblyProducts member={member} />}
        {given === 'stock' && <ShippingProducts member={member} />}
      </div>
    </>
  );
}
