import { isIPv6 } from 'node:net';
import { permissions } from '../../api/http/auth.ts';
import { signToken } from './secrets.ts';
import type { Settings } from './settings.ts';

const TOKEN_HOURS = 12;

/** The API's URL on this machine; `0.0.0.0` and `::` cannot be called. */
export function apiUrl({ HOST, PORT }: Settings): string {
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[HOST] ?? HOST;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${PORT}`;
}

/** The simulator's URL, used when no tracker is configured. */
export const simulatorUrl = ({ SIMULATOR_PORT }: Settings): string => `http://127.0.0.1:${SIMULATOR_PORT}`;

/** The URL of the receiver of webhooks. */
export const receiverUrl = ({ RECEIVER_PORT }: Settings): string => `http://127.0.0.1:${RECEIVER_PORT}`;

/** Whether tokens are signed here; false when another server does it. */
export function signsTokens({ AUTH_JWKS_URL }: Settings): boolean {
  return AUTH_JWKS_URL === undefined;
}

/** Ready-made tokens are only for this machine. */
function isLoopback({ HOST }: Settings): boolean {
  return HOST === 'localhost' || HOST === '::1' || /^127\.\d+\.\d+\.\d+$/.test(HOST);
}

/** A token of an admin with every permission, or with every one but `pii.read`. */
export async function personaToken(env: NodeJS.ProcessEnv, persona: 'admin' | 'operator'): Promise<string> {
  const all = persona === 'admin';
  return signToken({
    secret: env.AUTH_JWT_SECRET ?? '',
    sub: all ? 'kim' : 'lee',
    name: all ? '김관리' : '이운영',
    permissions: all ? permissions : permissions.filter((each) => each !== 'pii.read'),
    hours: TOKEN_HOURS,
    issuer: env.AUTH_ISSUER,
    audience: env.AUTH_AUDIENCE,
  });
}

/** Prints where everything is, and something to try; `receiver` where there is one. */
export async function announce(settings: Settings, env: NodeJS.ProcessEnv, receiver?: string): Promise<void> {
  const url = apiUrl(settings);
  const temporal = settings.TEMPORAL_ADDRESS ?? `http://127.0.0.1:${settings.TEMPORAL_UI_PORT}`;
  console.log(`\n  콘솔          ${url}/\n  API          ${url}\n  문서         ${url}/docs\n  Temporal     ${temporal}`);
  if (!settings.DELIVERY_API_URL) console.log(`  추적 시뮬레이터  ${simulatorUrl(settings)}/_control`);
  if (settings.NOTICE_PROVIDER && !settings.NOTICE_URL)
    console.log(`  보낸 알림톡     ${simulatorUrl(settings)}/_control/notices`);
  if (receiver) console.log(`  웹훅 수신기     ${receiver}`);
  console.log(`  로그         ${settings.files.logs}\n`);
  if (!signsTokens(settings)) {
    console.log('  토큰은 AUTH_JWKS_URL의 서버에서 받으세요\n');
  } else if (!isLoopback(settings)) {
    console.log(
      '  HOST가 이 컴퓨터 밖으로 열려 있어 토큰을 보이지 않습니다: npm run --silent token -- --sub … --permissions …\n',
    );
  } else {
    const admin = await personaToken(env, 'admin');
    console.log(`  토큰, 개인정보 열람 가능 (pii.read, ${TOKEN_HOURS}시간)\n${admin}\n`);
    console.log(`  토큰, 개인정보 가림 (${TOKEN_HOURS}시간)\n${await personaToken(env, 'operator')}\n`);
    console.log(
      `  해 보기\ncurl -s '${url}/api/bo/v1/delivery-lines?state=released&limit=3' -H 'Authorization: Bearer ${admin}'\n`,
    );
    console.log(
      `  출고완료한 택배를 지금 추적에 등록하기 (그냥 두면 10분마다)\ncurl -s -X POST '${url}/api/bo/v1/batches/waybill-registration/run' -H 'Authorization: Bearer ${admin}'\n`,
    );
  }
  console.log('  Ctrl-C로 멈춥니다\n');
}
