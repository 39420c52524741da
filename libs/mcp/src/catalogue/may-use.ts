import type { Principal } from '@gantry/pipeline';

/** Does the principal hold all scopes that something needs? */
export function mayUse(principal: Principal, needs: { readonly scopes: readonly string[] }): boolean {
  return needs.scopes.every((scope) => principal.scopes.has(scope));
}
