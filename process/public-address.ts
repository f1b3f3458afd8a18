import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** All that is routed in the open internet; the rest of IPv6 is local, translates IPv4, or belongs to nobody. */
const GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');

/** Names that never lead out of a machine or a private network. */
const LOCAL_NAMES = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/;

/** Whether an IP address can be reached by everybody: not private, loopback, link-local, multicast, reserved, or a wrapping of those. */
function isPublicIp(text: string): boolean {
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv6 && !address.match(GLOBAL)) return false;
  return address.range() === 'unicast';
}

/**
 * Whether a URL's `hostname` may be that of an endpoint outside: a public address, or a name that is not a local one. Where a name leads
 * is asked at each connection. `URL` writes an IPv4 address in its plain form however it was typed (decimal, octal, hexadecimal, short).
 */
export function isPublicAddress(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(host) > 0 ? isPublicIp(host) : host !== '' && !LOCAL_NAMES.test(host.toLowerCase());
}
