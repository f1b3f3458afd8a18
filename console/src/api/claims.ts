interface Claims {
  sub: string;
  name: string;
  permissions: string[];
  /** The 고객사 of the user; null = 물류사 or shop. */
  memberId: string | null;
  /** In seconds. */
  exp: number;
}

/** The claims of a token, for display only: the API verifies it. Throws when it is no JWT. */
export function claimsOf(token: string): Claims {
  const part = token.split('.')[1] ?? '';
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  const { sub, name, permissions, member_id, exp }: Record<string, unknown> = JSON.parse(new TextDecoder().decode(bytes));
  return {
    sub: String(sub),
    name: typeof name === 'string' ? name : '',
    permissions: Array.isArray(permissions) ? permissions.map(String) : [],
    memberId: member_id === null || member_id === undefined ? null : String(member_id),
    exp: Number(exp ?? 0),
  };
}
